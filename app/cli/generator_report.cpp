// SPDX-License-Identifier: Apache-2.0
#include "app/cli/generator_report.h"

#include "engine/core/atomic_file.h"
#include "engine/eval/html_report.h"
#include "engine/media/contact_sheet.h"
#include "engine/media/image_io.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace strata::cli {
namespace {

constexpr std::size_t kShownClips = 16;
constexpr std::uintmax_t kMostSheetBytes = 64 << 20;
constexpr const char* kExplained =
    "PSNR, SSIM and distances (DINOv2: cosine, of features) inside the person's box; MS-SSIM of "
    "the whole picture; flicker (levels, and as a part of the true frames' own) and warping error "
    "(squared, of values 0 to 1) on the person. 'coder' sends the true frames to latents and back, "
    "which the generator cannot exceed.";

std::string shown(const char* format, double value) {
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

nlohmann::json numbersOf(const PersonFigures& f, const std::vector<PictureDistance>& distances) {
    nlohmann::json out = {{"frames", f.frames},   {"psnr", f.psnr},
                          {"ssim", f.ssim},       {"ms_ssim", f.msSsim},
                          {"flicker", f.flicker}, {"warping_error", f.warping}};
    for (std::size_t i = 0; i < distances.size(); ++i)
        out["distances"][distances[i].name] = f.distances[i];
    return out;
}

} // namespace

GeneratorReport::GeneratorReport(std::vector<PictureDistance> distances)
    : m_distances(std::move(distances)) {
    m_scores.fill(PersonScore(m_distances));
}

std::vector<std::string> GeneratorReport::columns() const {
    std::vector<std::string> out{"who draws", "frames",  "PSNR, dB", "SSIM",
                                 "MS-SSIM",   "flicker", "of truth", "warping error"};
    for (const auto& distance : m_distances)
        out.push_back(distance.name);
    return out;
}

std::vector<std::vector<std::string>> GeneratorReport::rows() const {
    std::vector<std::vector<std::string>> out;
    const double flicker = m_truth.flicker.mean();
    for (std::size_t k = 0; k < kDrawers; ++k) {
        if (m_psnr[k].empty())
            continue;
        const PersonFigures f = m_scores[k].figures();
        auto& row = out.emplace_back(std::vector<std::string>{
            kDrawerNames[k], std::to_string(f.frames), shown("%.2f", f.psnr), shown("%.4f", f.ssim),
            shown("%.4f", f.msSsim), shown("%.2f", f.flicker),
            shown("%.3f", flicker > 0 ? f.flicker / flicker : 0), shown("%.6f", f.warping)});
        for (const double distance : f.distances)
            row.push_back(shown("%.4f", distance));
    }
    return out;
}

Status GeneratorReport::add(const HeldOutClip& clip) {
    STRATA_TRY(m_truth.add(clip.truth.frames, clip.truth));
    const std::size_t middle = clip.truth.frames.size() / 2;
    std::vector<ImageU8> row{clip.identity, clip.truth.frames[middle]};
    for (std::size_t k = 0; k < kDrawers; ++k) {
        const auto& frames = clip.frames[k];
        if (frames.empty())
            continue;
        PersonScore alone(m_distances);
        STRATA_TRY(alone.add(frames, clip.truth));
        m_scores[k] += alone;
        m_psnr[k].push_back(alone.figures().psnr);
        row.push_back(frames[middle]);
    }
    if (m_shown.size() < kShownClips)
        m_shown.push_back(std::move(row));
    return ok();
}

std::string GeneratorReport::table() const {
    auto lines = rows();
    const auto names = columns();
    lines.insert(lines.begin(), names);
    std::string out;
    for (const auto& line : lines) {
        for (std::size_t c = 0; c < line.size(); ++c) {
            char cell[64];
            std::snprintf(cell, sizeof cell, c == 0 ? "%-*s" : "  %*s",
                          std::max(int(names[c].size()), 7), line[c].c_str());
            out += cell;
        }
        out += '\n';
    }
    return out;
}

std::string GeneratorReport::json(const HeldOutClips& asked) const {
    nlohmann::json out = {
        {"event", "done"},
        {"clips", asked.clips},
        {"frames_of_clip", asked.frames},
        {"size", asked.side},
        {"steps", asked.steps},
        {"guidance", asked.guidance},
        {"truth",
         {{"flicker", m_truth.flicker.mean()}, {"warping_error", m_truth.warping.mean()}}}};
    for (std::size_t k = 0; k < kDrawers; ++k)
        if (!m_psnr[k].empty()) {
            out[kDrawerNames[k]] = numbersOf(m_scores[k].figures(), m_distances);
            out[kDrawerNames[k]]["psnr_of_clips"] = m_psnr[k];
        }
    return out.dump();
}

Status GeneratorReport::write(const std::filesystem::path& page, const HeldOutClips& asked) const {
    auto beside = page;
    beside.replace_extension(".json");
    STRATA_TRY(writeFileAtomically(beside, json(asked) + "\n"));

    ReportSection section;
    section.title = "Held-out people";
    section.text = std::to_string(m_psnr[0].size()) + " clips of " + std::to_string(asked.frames) +
                   " frames, " + std::to_string(asked.side) + " pixels; " +
                   std::to_string(asked.steps) + " steps, guidance " + shown("%g", asked.guidance) +
                   ". " + kExplained;
    section.tables.push_back({columns(), rows()});
    ReportChart chart{"clips, the worst first", "PSNR inside the person's box, dB", {}};
    for (std::size_t k = 0; k < kDrawers; ++k) {
        if (m_psnr[k].empty())
            continue;
        chart.lines.push_back({kDrawerNames[k], m_psnr[k]});
        std::ranges::sort(chart.lines.back().values);
    }
    section.charts.push_back(std::move(chart));

    auto picture = page;
    picture.replace_extension(".jpg");
    std::vector<SheetCell> cells;
    const std::size_t columns = m_shown.empty() ? 1 : m_shown.front().size();
    for (const auto& row : m_shown)
        for (const auto& image : row)
            cells.push_back({std::make_shared<const ImageU8>(image), ""});
    STRATA_TRY(writeJpeg(picture, makeContactSheet(cells, {int(columns), asked.side, 4})));
    STRATA_ASSIGN(std::string bytes, readFile(picture, kMostSheetBytes));
    std::string caption = "The middle frames of the first clips: A-pose picture, truth";
    for (std::size_t k = 0; k < kDrawers; ++k)
        if (!m_psnr[k].empty())
            caption += std::string(", ") + kDrawerNames[k];
    section.pictures.push_back({caption + ".", "image/jpeg", std::move(bytes)});
    return writeFileAtomically(page, htmlReport("Strata: evaluation of a generator", {section}));
}

} // namespace strata::cli
