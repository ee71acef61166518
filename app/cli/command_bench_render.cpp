// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/progress_printer.h"
#include "engine/pipeline/installation.h"
#include "engine/train/data/bench_render.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

struct Options {
    std::string assets;
    int clips = 8;
    RenderClipOptions clip;
};

Status run(const Options& options, Session& session) {
    STRATA_ASSIGN(const auto folder, assetsFolder());
    STRATA_ASSIGN(const TrainingAssets assets,
                  TrainingAssets::load(options.assets, folder / "body/strata_body.npz"));
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    STRATA_ASSIGN(const RenderBench bench,
                  benchRender(assets, options.clips, options.clip,
                              {session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    if (session.json)
        std::printf("%s\n", nlohmann::json({{"event", "done"},
                                            {"clips", bench.clips},
                                            {"frames", bench.frames},
                                            {"side", bench.side},
                                            {"threads", bench.threads},
                                            {"fps", bench.framesPerSecond},
                                            {"bound_fps", bench.boundPerSecond},
                                            {"ratio", bench.ratio()}})
                                .dump()
                                .c_str());
    else
        std::printf("%d clips, %d frames of %dx%d on %d threads: %.1f frames per second with all "
                    "layers; filling them once %.1f; ratio %.3f\n",
                    bench.clips, bench.frames, bench.side, bench.side, bench.threads,
                    bench.framesPerSecond, bench.boundPerSecond, bench.ratio());
    return ok();
}

} // namespace

Command addBenchRender(CLI::App& bench) {
    auto options = std::make_shared<Options>();
    CLI::App* app = bench.add_subcommand(
        "render", "Training clips with all their layers, against filling these layers once");
    app->add_option("--assets", options->assets, "The file that 'strata train pack' wrote")
        ->required();
    app->add_option("--clips", options->clips, "How many clips")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app->add_option("--size", options->clip.side, "Side of the square pictures")
        ->check(CLI::Range(16, 2048))
        ->capture_default_str();
    app->add_option("--frames", options->clip.frames, "Frames of each clip")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
