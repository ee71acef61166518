// SPDX-License-Identifier: Apache-2.0
#include "app/cli/clip_options.h"
#include "app/cli/progress_printer.h"
#include "engine/pipeline/bench_denoise.h"
#include "engine/pipeline/bench_job.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

struct Options {
    DenoiseBenchRequest denoise;
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

void printDenoise(const DenoiseBenchReport& report, const DenoiseBenchRequest& request) {
    std::printf("%s networks, windows of %d frames under guidance, %d threads; seconds\n"
                "%-8s %10s %10s %10s %10s %8s %11s\n",
                request.network.c_str(), request.frames, report.threads, "size", "identity",
                "saved", "step", "saved", "ratio", "difference");
    for (const auto& line : report.lines)
        std::printf("%-8d %10.3f %10.3f %10.3f %10.3f %8.2f %11.1e\n", line.size,
                    line.plainReference, line.savedReference, line.plainStep, line.savedStep,
                    line.ratio(request.steps), line.difference);
}

void printDenoiseJson(const DenoiseBenchReport& report, const DenoiseBenchRequest& request) {
    auto lines = nlohmann::json::array();
    for (const auto& line : report.lines)
        lines.push_back({{"size", line.size},
                         {"plain_identity_s", line.plainReference},
                         {"saved_identity_s", line.savedReference},
                         {"plain_step_s", line.plainStep},
                         {"saved_step_s", line.savedStep},
                         {"ratio", line.ratio(request.steps)},
                         {"difference", line.difference}});
    const nlohmann::json done = {{"event", "done"},           {"network", request.network},
                                 {"frames", request.frames},  {"steps", request.steps},
                                 {"threads", report.threads}, {"sizes", lines}};
    std::printf("%s\n", done.dump().c_str());
}

Status runDenoise(const DenoiseBenchRequest& request, Session& session) {
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    STRATA_ASSIGN(
        const DenoiseBenchReport report,
        benchDenoise(request, {session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    if (session.json)
        printDenoiseJson(report, request);
    else
        printDenoise(report, request);
    return ok();
}

constexpr const char* kDenoiseFooter = R"(
Each size is measured with all of it computed as published and with the exact savings, one after the other in the same
run, on networks with random values. The ratio is how much longer a run of --steps steps takes without the savings;
the difference is the largest between the two results. Official networks need 12 GB of memory and minutes.)";

void addDenoise(CLI::App& bench, DenoiseBenchRequest& request) {
    CLI::App* app = bench.add_subcommand(
        "denoise", "A window of the generator, as published and with the exact savings");
    app->footer(kDenoiseFooter);
    app->add_option("--network", request.network, "small, official or paper")
        ->capture_default_str();
    app->add_option("--sizes", request.sizes, "Sides of the pictures")
        ->delimiter(',')
        ->capture_default_str();
    app->add_option("--frames", request.frames, "Frames of the window")->capture_default_str();
    app->add_option("--repeats", request.repeats, "Measurements of each, of which the best counts")
        ->capture_default_str();
    app->add_option("--steps", request.steps, "Steps of the run that the ratio is for")
        ->capture_default_str();
}

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
    addDenoise(*app, options->denoise);
    const Command render = addBenchRender(*app);
    return {app, [options, decompose, render](Session& session) {
                if (render.app->parsed())
                    return render.run(session);
                return decompose->parsed() ? run(*options, session)
                                           : runDenoise(options->denoise, session);
            }};
}

} // namespace strata::cli
