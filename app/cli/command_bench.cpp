// SPDX-License-Identifier: Apache-2.0
#include "app/cli/clip_options.h"
#include "app/cli/progress_printer.h"
#include "engine/pipeline/bench_job.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

struct Options {
    ClipOptions clip;
};

void printJson(const BenchReport& report) {
    auto stages = nlohmann::json::array();
    for (const auto& stage : report.stages) {
        nlohmann::json line = {{"stage", stage.name}, {"fps", stage.fps}, {"bound", stage.bound}};
        line["bound_fps"] = stage.boundFps > 0 ? nlohmann::json(stage.boundFps) : nullptr;
        line["ratio"] = stage.boundFps > 0 ? nlohmann::json(stage.ratio()) : nullptr;
        stages.push_back(std::move(line));
    }
    nlohmann::json done = {{"event", "done"},           {"frames", report.frames},
                           {"gflops", report.gflops},   {"blas_gflops", report.blasGflops},
                           {"threads", report.threads}, {"stages", stages}};
    if (!report.warning.empty())
        done["warning"] = report.warning;
    std::printf("%s\n",
                done.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void printTable(const BenchReport& report) {
    std::printf("%lld frames; matrix product on %d threads: %.0f GFLOP/s (BLAS %.0f GFLOP/s)\n"
                "%-8s %10s %12s %8s  %s\n",
                static_cast<long long>(report.frames), report.threads, report.gflops,
                report.blasGflops, "stage", "frames/s", "bound", "ratio", "what bounds it");
    for (const auto& stage : report.stages)
        if (stage.boundFps > 0)
            std::printf("%-8s %10.2f %12.2f %8.3f  %s\n", stage.name.c_str(), stage.fps,
                        stage.boundFps, stage.ratio(), stage.bound.c_str());
        else
            std::printf("%-8s %10.2f %12s %8s  %s\n", stage.name.c_str(), stage.fps, "-", "-",
                        stage.bound.c_str());
    if (!report.warning.empty())
        std::printf("Warning: %s\n", report.warning.c_str());
}

Status run(const Options& options, Session& session) {
    STRATA_ASSIGN(const ClipRequest clip, options.clip.request());
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    STRATA_ASSIGN(
        const BenchReport report,
        benchDecompose(clip, {session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    if (session.json)
        printJson(report);
    else
        printTable(report);
    return ok();
}

constexpr const char* kFooter = R"(
Each stage runs on a cold cache of its own with the networks loaded before. Its bound: for networks, the machine's
measured rate of matrix products over the operations that the networks need; for decoding, the ffmpeg program; for
the other stages, reading and writing their pictures and nothing else. A ratio of 1 would be as fast as can be.)";

} // namespace

Command addBench(CLI::App& root) {
    auto options = std::make_shared<Options>();
    CLI::App* app =
        root.add_subcommand("bench", "Measure how fast this machine is, against what it could be");
    app->require_subcommand(1);
    CLI::App* decompose =
        app->add_subcommand("decompose", "Each stage of taking a clip apart, against its bound");
    decompose->footer(kFooter);
    decompose
        ->add_option("video", options->clip.video, "A clip with a person; up to 48 frames are used")
        ->required();
    options->clip.addTo(*decompose);
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
