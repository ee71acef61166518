// SPDX-License-Identifier: Apache-2.0
#include "app/cli/generator_report.h"

#include "engine/core/atomic_file.h"
#include "engine/eval/html_report.h"
#include "engine/media/contact_sheet.h"
#include "engine/media/image_io.h"
#include "engine/train/trainer/training_log.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

namespace strata::cli {
namespace {

constexpr std::size_t kShownClips = 16, kCurvePoints = 200;
constexpr std::uintmax_t kMostSheetBytes = 64 << 20;
constexpr const char* kExplained =
    "PSNR (mean of the frames, and of the mean squared error of all pixels), SSIM and distances "
    "(DINOv2: cosine, of features) inside the person's box; MS-SSIM of "
    "the whole picture; flicker (levels, and as a part of the true frames' own) and warping error "
    "(squared, of values 0 to 1) on the person. 'coder' sends the true frames to latents and back, "
    "which the generator cannot exceed. FVD is of all clips together.";

std::string shown(const char* format, double value) {
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

nlohmann::json numbersOf(const PersonFigures& f, const std::vector<PictureDistance>& distances) {
    nlohmann::json out = {{"frames", f.frames},
                          {"psnr", f.psnr},
                          {"psnr_of_frames", f.framePsnr},
                          {"ssim", f.ssim},
                          {"ms_ssim", f.msSsim},
                          {"flicker", f.flicker},
                          {"warping_error", f.warping}};
    for (std::size_t i = 0; i < distances.size(); ++i)
        out["distances"][distances[i].name] = f.distances[i];
    return out;
}

/// The log of the training that wrote them: OUT/networks or OUT/checkpoints/FILE.
std::filesystem::path logOf(const std::filesystem::path& networks) {
    const auto whole = std::filesystem::absolute(networks).lexically_normal();
    const auto folder =
        whole.has_filename() ? whole.parent_path() : whole.parent_path().parent_path();
    return (folder.filename() == "checkpoints" ? folder.parent_path() : folder) / "log.jsonl";
}

/// Loss and rate of the trainings whose logs are still there, in means of as many steps as there is
/// room for.
std::vector<ReportSection> trainingSections(const std::vector<std::filesystem::path>& networks) {
    ReportSection section;
    section.title = "Trainings";
    for (const auto& place : networks) {
        const auto log = readTrainingLog(logOf(place));
        if (!log || log->size() < 2) // or it is something else that is called so
            continue;
        const auto& records = *log;
        const std::size_t each = (records.size() + kCurvePoints - 1) / kCurvePoints;
        const std::string across =
            each > 1 ? "means of " + std::to_string(each) + " steps" : "steps";
        ReportChart chart{across, "loss of " + place.string(), {{"loss", {}}}};
        for (std::size_t i = 0; i < records.size(); i += each) {
            const std::size_t end = std::min(i + each, records.size());
            double sum = 0;
            for (std::size_t k = i; k < end; ++k)
                sum += records[k].loss;
            chart.lines[0].values.push_back(sum / double(end - i));
        }
        section.charts.push_back(std::move(chart));
    }
    return section.charts.empty() ? std::vector<ReportSection>() : std::vector{section};
}

} // namespace

GeneratorReport::GeneratorReport(std::vector<PictureDistance> distances,
                                 std::optional<ClipFeatures> features)
    : m_distances(std::move(distances))
    , m_features(std::move(features)) {}

std::vector<std::string> GeneratorReport::columns() const {
    std::vector<std::string> out{"who draws", "frames",  "PSNR, dB", "of all pixels", "SSIM",
                                 "MS-SSIM",   "flicker", "of truth", "warping error"};
    for (const auto& distance : m_distances)
        out.push_back(distance.name);
    if (m_features)
        out.push_back(m_features->name);
    return out;
}

std::vector<std::vector<std::string>> GeneratorReport::rows() const {
    std::vector<std::vector<std::string>> out;
    const double flicker = m_truth.flicker.mean();
    for (const Drawer& drawer : m_drawers) {
        const PersonFigures f = drawer.score.figures();
        auto& row = out.emplace_back(std::vector<std::string>{
            drawer.name, std::to_string(f.frames), shown("%.2f", f.framePsnr),
            shown("%.2f", f.psnr), shown("%.4f", f.ssim),
            f.msSsim > 0 ? shown("%.4f", f.msSsim) : "-", shown("%.2f", f.flicker),
            shown("%.3f", flicker > 0 ? f.flicker / flicker : 0), shown("%.6f", f.warping)});
        for (const double distance : f.distances)
            row.push_back(shown("%.4f", distance));
        if (m_features)
            row.push_back(shown("%.2f", drawer.setDistance));
    }
    return out;
}

Status GeneratorReport::add(const HeldOutClip& clip) {
    STRATA_TRY(m_truth.add(clip.truth.frames, clip.truth));
    if (m_features) {
        STRATA_ASSIGN(m_trueFeatures.emplace_back(), m_features->of(clip.truth.frames));
    }
    const std::size_t middle = clip.truth.frames.size() / 2;
    std::vector<ImageU8> row{clip.identity, clip.truth.frames[middle]};
    for (std::size_t k = 0; k < clip.drawn.size(); ++k) {
        const DrawnPerson& drawn = clip.drawn[k];
        if (k == m_drawers.size())
            m_drawers.push_back({drawn.by, PersonScore(m_distances), {}, {}});
        PersonScore alone(m_distances);
        STRATA_TRY(alone.add(drawn.frames, clip.truth));
        m_drawers[k].score += alone;
        m_drawers[k].psnr.push_back(alone.figures().psnr);
        if (m_features) {
            STRATA_ASSIGN(m_drawers[k].features.emplace_back(), m_features->of(drawn.frames));
        }
        row.push_back(drawn.frames[middle]);
    }
    if (m_shown.size() < kShownClips)
        m_shown.push_back(std::move(row));
    return ok();
}

Status GeneratorReport::finish() {
    if (!m_features)
        return ok();
    for (Drawer& drawer : m_drawers) {
        STRATA_ASSIGN(drawer.setDistance, frechetDistance(m_trueFeatures, drawer.features));
    }
    return ok();
}

std::string GeneratorReport::table() const {
    auto lines = rows();
    const auto names = columns();
    lines.insert(lines.begin(), names);
    std::vector<std::size_t> widths(names.size(), 7);
    for (const auto& line : lines)
        for (std::size_t c = 0; c < line.size(); ++c)
            widths[c] = std::max(widths[c], line[c].size());
    std::string out;
    for (const auto& line : lines) {
        for (std::size_t c = 0; c < line.size(); ++c) {
            const std::string space(widths[c] - line[c].size(), ' ');
            out += c == 0 ? line[c] + space : "  " + space + line[c];
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
    for (const Drawer& drawer : m_drawers) {
        out[drawer.name] = numbersOf(drawer.score.figures(), m_distances);
        out[drawer.name]["psnr_of_clips"] = drawer.psnr;
        if (m_features)
            out[drawer.name][m_features->name] = drawer.setDistance;
    }
    return out.dump();
}

Status GeneratorReport::write(const std::filesystem::path& page, const HeldOutClips& asked) const {
    auto beside = page;
    beside.replace_extension(".json");
    STRATA_TRY(writeFileAtomically(beside, json(asked) + "\n"));

    ReportSection section;
    section.title = "Held-out people";
    section.text = std::to_string(asked.clips) + " clips of " + std::to_string(asked.frames) +
                   " frames, " + std::to_string(asked.side) + " pixels; " +
                   std::to_string(asked.steps) + " steps, guidance " + shown("%g", asked.guidance) +
                   ". " + kExplained;
    section.tables.push_back({columns(), rows()});
    ReportChart chart{"clips, the worst first", "PSNR inside the person's box, dB", {}};
    for (const Drawer& drawer : m_drawers) {
        chart.lines.push_back({drawer.name, drawer.psnr});
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
    for (const Drawer& drawer : m_drawers)
        caption += ", " + drawer.name;
    section.pictures.push_back({caption + ".", "image/jpeg", std::move(bytes)});
    std::vector<ReportSection> sections{std::move(section)};
    std::ranges::move(trainingSections(asked.networks), std::back_inserter(sections));
    return writeFileAtomically(page, htmlReport("Strata: evaluation of a generator", sections));
}

} // namespace strata::cli
