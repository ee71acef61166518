// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_train.h"
#include "app/cli/progress_printer.h"
#include "engine/media/image_io.h"
#include "engine/pipeline/installation.h"
#include "engine/train/session/train_session.h"

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

Status run(TrainSessionOptions options, Session& session) {
    STRATA_ASSIGN(const auto assets, assetsFolder());
    options.body = assets / "body/strata_body.npz";
    options.writePicture = [](const std::filesystem::path& path, const ImageU8& picture) {
        return writePng(path, picture);
    };
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    STRATA_ASSIGN(
        const TrainSessionResult done,
        trainSession(options, {session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    if (!done.first)
        return ok();
    if (session.json)
        std::printf("{\"event\": \"done\", \"steps\": %lld, \"loss\": %.9g}\n",
                    static_cast<long long>(done.steps), done.loss);
    else
        std::printf("%lld steps, loss %.4f over the last of them; networks in %s\n",
                    static_cast<long long>(done.steps), done.loss, done.networks.c_str());
    return ok();
}

} // namespace

Command addTrainRun(CLI::App& train) {
    auto options = std::make_shared<TrainSessionOptions>();
    CLI::App* app = train.add_subcommand(
        "run", "Train networks; goes on where the folder's last checkpoint is");
    app->add_option(
           "--config", options->config,
           "tiny, small, paper, official, a row of the ablation (ablation-full, ...), or a "
           "settings file (JSON)")
        ->capture_default_str();
    app->add_option("--set", options->settings,
                    "Single settings over those: --set batch=8 --set stage=autoencoder");
    app->add_option("--clips", options->clips, "Folder of packed clips (.safetensors)");
    app->add_option("--assets", options->assets,
                    "The file that 'strata train pack' wrote: clips are drawn while training");
    app->add_option("--encoder", options->encoder,
                    "The image encoder that 'strata train pack --encoder' wrote, for networks that "
                    "are told about identities by it (small)");
    app->add_option("--size", options->side, "Side of drawn clips")
        ->check(CLI::Range(16, 2048))
        ->capture_default_str();
    app->add_option("--out", options->out, "Folder that gets checkpoints, log and networks")
        ->required();
    app->add_option(
        "--from", options->from,
        "To begin with: a checkpoint of another stage (its averaged weights) or a folder "
        "of networks that training wrote");
    app->add_option(
        "--begin", options->begin,
        "Published files to begin with, by network: vae=FILE, clip=, unet=, reference=, "
        "denoiser=, motion=, pose=");
    app->add_option("--device", options->device, "cpu, cuda or cuda:1")->capture_default_str();
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
