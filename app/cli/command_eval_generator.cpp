// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/generator_report.h"
#include "app/cli/progress_printer.h"
#include "engine/pipeline/installation.h"
#include "engine/train/session/picture_distances.h"

#include <cstdio>
#include <memory>
#include <optional>

namespace strata::cli {
namespace {

struct Options {
    HeldOutClips clips;
    std::string report, lpips, alexNet, i3d;
};

Result<std::vector<PictureDistance>> distancesOf(const Options& options) {
    std::vector<PictureDistance> out;
    if (!options.clips.encoder.empty()) {
        STRATA_ASSIGN(out.emplace_back(),
                      encoderDistance(options.clips.encoder, options.clips.device));
    }
    if (options.lpips.empty() != options.alexNet.empty())
        return Error{ErrorCode::Usage, "LPIPS needs both --lpips and --lpips-alexnet."};
    if (!options.lpips.empty()) {
        STRATA_ASSIGN(out.emplace_back(),
                      perceptualDistance(options.alexNet, options.lpips, options.clips.device));
    }
    return out;
}

Status run(Options options, Session& session) {
    STRATA_ASSIGN(const auto folder, assetsFolder());
    options.clips.body = folder / "body/strata_body.npz";
    STRATA_ASSIGN(auto distances, distancesOf(options));
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    std::optional<ClipFeatures> features;
    if (!options.i3d.empty()) {
        STRATA_ASSIGN(features, videoFeatures(options.i3d, options.clips.device));
        if (options.clips.frames < features->leastFrames || options.clips.clips < 2)
            return Error{ErrorCode::Usage, features->name + " needs two clips of at least " +
                                               std::to_string(features->leastFrames) + " frames."};
    }
    GeneratorReport report(std::move(distances), std::move(features));
    STRATA_TRY(drawHeldOutClips(options.clips,
                                [&](const HeldOutClip& clip) { return report.add(clip); },
                                {session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    STRATA_TRY(report.finish());
    if (session.json)
        std::printf("%s\n", report.json(options.clips).c_str());
    else
        std::printf("%s", report.table().c_str());
    return options.report.empty() ? ok() : report.write(options.report, options.clips);
}

} // namespace

Command addEvalGenerator(CLI::App& eval) {
    auto options = std::make_shared<Options>();
    CLI::App* app = eval.add_subcommand(
        "generator", "Held-out people drawn by a generator beside the plate and the mesh "
                     "synthesiser: PSNR, SSIM, features, flicker");
    HeldOutClips& clips = options->clips;
    app->add_option("networks", clips.networks,
                    "Folders of networks that training wrote, or checkpoints; without any only "
                    "plate and mesh synthesiser are measured");
    app->add_option("--assets", clips.assets, "The file that 'strata train pack' wrote")
        ->required();
    app->add_option("--encoder", clips.encoder,
                    "The image encoder that 'strata train pack --encoder' wrote: for the "
                    "generator's tokens and the distance of features");
    app->add_option("--size", clips.side, "Side of the pictures")
        ->check(CLI::Range(16, 2048))
        ->capture_default_str();
    app->add_option("--count", clips.clips, "How many clips")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app->add_option("--first", clips.first, "Number of the first clip, to share a long evaluation")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    app->add_option("--frames", clips.frames, "Frames of each clip")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app->add_option("--steps", clips.steps, "Steps of sampling")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app->add_option("--guidance", clips.guidance, "How far the identity is stressed; 1: not")
        ->check(CLI::Range(0., 50.))
        ->capture_default_str();
    app->add_option("--device", clips.device, "cpu or cuda")->capture_default_str();
    app->add_option("--lpips", options->lpips,
                    "The weights published with LPIPS 0.1 for AlexNet (alex.pth): measures LPIPS");
    app->add_option("--lpips-alexnet", options->alexNet, "torchvision's weights of AlexNet");
    app->add_option("--fvd-i3d", options->i3d,
                    "The weights of I3D published for PyTorch (rgb_imagenet.pt): measures FVD");
    app->add_option("--report", options->report,
                    "A page (HTML) with tables, curves and pictures; the numbers are written "
                    "beside it (JSON)");
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
