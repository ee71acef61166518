// SPDX-License-Identifier: Apache-2.0
#include "app/cli/clip_options.h"
#include "app/cli/progress_printer.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

struct Options {
    ClipOptions clip;
    std::string out;
    bool overwrite = false;
};

Status run(const Options& options, Session& session) {
    if (options.out.empty())
        return Error{ErrorCode::Usage, "No output folder is named."};
    DecomposeRequest request;
    STRATA_ASSIGN(request.clip, options.clip.request());
    request.out = options.out;
    request.overwrite = options.overwrite;

    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    STRATA_ASSIGN(
        const DecomposeReport report,
        runDecompose(request, {session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    if (session.json)
        std::printf("%s\n", nlohmann::json({{"event", "done"},
                                            {"out", report.out.string()},
                                            {"frames", report.frames},
                                            {"person", report.person},
                                            {"occluder", report.hasOccluder},
                                            {"fit_error", report.fitError},
                                            {"fit_acceleration", report.fitAcceleration}})
                                .dump()
                                .c_str());
    else
        std::printf(
            "%s\n%lld frames, person %d, %s; body fit within %.1f %% of the person's height\n",
            report.out.c_str(), static_cast<long long>(report.frames), report.person,
            report.hasOccluder ? "with occluder" : "no occluder", 100 * report.fitError);
    return ok();
}

constexpr const char* kFooter = R"(
The folder holds the layout of MIMO templates (vid.mp4, mask.mp4, sdc.mp4, bk.mp4, occ.mp4, bbox.npy,
config.json), which 'strata edit --template' reads back, and Strata's own layers: alpha.mkv (8-bit matte),
occluder.mkv, depth.mkv (16-bit inverse depth), person.npz (SMPL motion in AMASS form with the camera),
camera.npz (homographies of the camera's motion) and people.json (everyone that was found).)";

} // namespace

Command addDecompose(CLI::App& root) {
    auto options = std::make_shared<Options>();
    CLI::App* app =
        root.add_subcommand("decompose", "Take a clip apart into human, scene and occluder layers");
    app->footer(kFooter);
    app->add_option("video", options->clip.video, "A video, a picture or a folder of pictures")
        ->required();
    app->add_option("-o,--out", options->out, "The folder to write")->required();
    options->clip.addTo(*app);
    app->add_flag("--overwrite", options->overwrite, "Replace the folder if it exists");
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
