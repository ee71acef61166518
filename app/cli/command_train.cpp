// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_train.h"

#include <memory>

namespace strata::cli {

Command addTrain(CLI::App& root) {
    CLI::App* app = root.add_subcommand("train", "Make training material and train");
    app->require_subcommand(1);
    auto parts = std::make_shared<std::vector<Command>>();
    *parts = {addTrainPack(*app), addTrainRender(*app), addTrainGather(*app), addTrainRun(*app),
              addTrainExport(*app)};
    return {app, [parts](Session& session) -> Status {
                for (const Command& part : *parts)
                    if (part.app->parsed())
                        return part.run(session);
                return Error{ErrorCode::Usage, "Say what to train."};
            }};
}

} // namespace strata::cli
