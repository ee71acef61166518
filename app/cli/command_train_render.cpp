// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_train.h"
#include "app/cli/progress_printer.h"
#include "app/cli/rendered_template.h"
#include "engine/media/contact_sheet.h"
#include "engine/media/image_io.h"
#include "engine/pipeline/installation.h"
#include "engine/train/session/clip_packing.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <memory>

namespace strata::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPacked = ".safetensors";

struct Options {
    std::string assets, out, sheet, split = "train";
    int count = 1;
    bool packed = false;
    std::uint64_t seed = 1;
    RenderClipOptions clip;
};

double seconds() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

ImageU8 grayAsRgb(const ImageU8& gray) {
    ImageU8 out(gray.width(), gray.height(), 3);
    for (std::size_t i = 0; i < gray.count(); ++i)
        std::fill_n(out.data() + 3 * i, 3, gray.data()[i]);
    return out;
}

/// Three frames, the plate, what is in front, the alpha and the A-pose of one clip side by side.
ImageU8 stripOf(const RenderedClip& clip) {
    const auto last = clip.frames.size() - 1;
    const LayeredFrame& middle = clip.frames[last / 2];
    std::vector<ImageU8> pictures = {clip.frames[0].color,
                                     middle.color,
                                     clip.frames[last].color,
                                     middle.scene,
                                     grayAsRgb(visibleHuman(middle)),
                                     clip.canonical.color};
    if (!clip.portraits.empty())
        pictures.push_back(clip.portraits[0].color);
    const auto [width, height] = middle.color.size();
    ImageU8 out(width * int(pictures.size()), height, 3);
    for (std::size_t k = 0; k < pictures.size(); ++k)
        for (int y = 0; y < height; ++y)
            std::copy_n(pictures[k].row(y), std::size_t(width) * 3, out.pixel(int(k) * width, y));
    return out;
}

class RenderRun {
public:
    RenderRun(const Options& options, const TrainingAssets& assets, Session& session)
        : m_options(options)
        , m_assets(assets)
        , m_session(session) {}

    Status run(const JobContext& job) {
        for (int i = 0; i < m_options.count; ++i) {
            const std::uint64_t seed = m_options.seed + std::uint64_t(i);
            char name[64];
            std::snprintf(name, sizeof name, "%s_%08llu", m_options.split.c_str(),
                          static_cast<unsigned long long>(seed));
            const fs::path place =
                fs::path(m_options.out) / (name + std::string(m_options.packed ? kPacked : ""));
            if (!m_options.out.empty() && fs::exists(place)) {
                ++m_kept;
            } else {
                STRATA_TRY(one(seed, place));
            }
            job.progress("clips", i + 1, m_options.count);
        }
        if (m_options.sheet.empty())
            return ok();
        return writePng(m_options.sheet, makeContactSheet(m_cells, {2, 1120, 6}));
    }

    void print() const {
        const int drawn = m_options.count - m_kept;
        const double fps = m_seconds > 0 ? drawn * m_options.clip.frames / m_seconds : 0.0;
        if (m_session.json)
            std::printf("%s\n", nlohmann::json({{"event", "done"},
                                                {"clips", drawn},
                                                {"kept", m_kept},
                                                {"frames_per_second", fps}})
                                    .dump()
                                    .c_str());
        else
            std::printf("%d clips drawn at %.1f frames per second, %d kept\n", drawn, fps, m_kept);
    }

private:
    Status one(std::uint64_t seed, const fs::path& place) {
        const Split split = m_options.split == "train" ? Split::Train : Split::HeldOut;
        const double start = seconds();
        STRATA_ASSIGN(const RenderedClip clip,
                      renderClip(m_assets, randomRecipe(m_assets, seed, split), m_options.clip,
                                 m_session.stop));
        m_seconds += seconds() - start;
        if (!m_options.sheet.empty())
            m_cells.push_back(
                {std::make_shared<const ImageU8>(stripOf(clip)), std::to_string(seed)});
        if (m_options.out.empty())
            return ok();
        return m_options.packed ? packRenderedClip(clip, m_assets.body, place)
                                : writeRenderedTemplate(clip, m_assets.body, place);
    }

    const Options& m_options;
    const TrainingAssets& m_assets;
    Session& m_session;
    std::vector<SheetCell> m_cells;
    int m_kept = 0;
    double m_seconds = 0;
};

Status run(const Options& options, Session& session) {
    if (options.packed && options.clip.side % 8 != 0)
        return Error{ErrorCode::Usage, "Packed clips have sides that are multiples of 8."};
    if (options.out.empty() && options.sheet.empty())
        return Error{ErrorCode::Usage,
                     "Say where to write: --out FOLDER, --sheet PICTURE, or both."};
    STRATA_ASSIGN(const auto folder, assetsFolder());
    STRATA_ASSIGN(const TrainingAssets assets,
                  TrainingAssets::load(options.assets, folder / "body/strata_body.npz"));
    std::error_code failed;
    if (!options.out.empty())
        fs::create_directories(options.out, failed);
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    RenderRun work(options, assets, session);
    STRATA_TRY(work.run({session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    work.print();
    return ok();
}

} // namespace

Command addTrainRender(CLI::App& train) {
    auto options = std::make_shared<Options>();
    CLI::App* app = train.add_subcommand(
        "render",
        "Draw training clips as template folders or packed; those that are there already are kept");
    app->add_option("--assets", options->assets, "The file that 'strata train pack' wrote")
        ->required();
    app->add_option("--count", options->count, "How many clips")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    app->add_option("--seed", options->seed, "Number of the first clip")->capture_default_str();
    app->add_option("--split", options->split, "What they are drawn from")
        ->check(CLI::IsMember({"train", "heldout"}))
        ->capture_default_str();
    app->add_option("--frames", options->clip.frames, "Frames of each clip")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app->add_option("--size", options->clip.side, "Side of the square pictures")
        ->check(CLI::Range(16, 2048))
        ->capture_default_str();
    app->add_option("--out", options->out, "Folder that gets one folder or file per clip");
    app->add_flag("--packed", options->packed,
                  "Write each clip as one file for 'strata train run --clips', not as a template");
    app->add_option("--sheet", options->sheet, "A picture (PNG) of all clips to look at");
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
