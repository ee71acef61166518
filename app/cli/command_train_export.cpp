// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_train.h"
#include "engine/pipeline/installation.h"
#include "engine/train/session/train_session.h"

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

struct Options {
    std::string checkpoint, out;
};

Status run(const Options& options, Session& session) {
    STRATA_ASSIGN(const auto folder, assetsFolder());
    STRATA_TRY(exportCheckpoint(options.checkpoint, folder / "body/strata_body.npz", options.out));
    if (session.json)
        std::printf("{\"event\":\"done\"}\n");
    else
        std::printf("networks in %s\n", options.out.c_str());
    return ok();
}

} // namespace

Command addTrainExport(CLI::App& train) {
    auto options = std::make_shared<Options>();
    CLI::App* app = train.add_subcommand(
        "export", "Write the networks of a checkpoint while its training goes on");
    app->add_option("checkpoint", options->checkpoint, "A file of the training's checkpoints")
        ->required();
    app->add_option("--out", options->out, "Folder that gets the networks")->required();
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
