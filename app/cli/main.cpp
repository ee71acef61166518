// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/interrupt.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace strata::cli {

int exitCodeOf(const Error& error) {
    switch (error.code) {
    case ErrorCode::Cancelled:
        return kCancelled;
    case ErrorCode::Usage:
        return kUsage;
    case ErrorCode::NothingToDo:
        return kNothing;
    default:
        return kFailed;
    }
}

namespace {

int report(const Session& session, const Status& status) {
    if (status)
        return kDone;
    const Error& error = status.error();
    const int code = exitCodeOf(error);
    if (session.json)
        std::printf("%s\n",
                    nlohmann::json({{"event", "error"}, {"code", code}, {"message", error.message}})
                        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                        .c_str());
    else if (error.code == ErrorCode::Cancelled)
        std::fprintf(stderr, "Cancelled. Run the same command again to go on where it stopped.\n");
    else
        std::fprintf(stderr, "strata: %s\n", error.message.c_str());
    return code;
}

int run(int argc, char** argv) {
    CLI::App root{"Strata takes character video apart into human, scene and occluder layers and "
                  "puts it together "
                  "again with another person, motion or scene.",
                  "strata"};
    root.require_subcommand(1);
    root.set_version_flag("--version", STRATA_VERSION);
    root.get_formatter()->column_width(34);

    Session session;
    root.add_flag("--json", session.json, "Progress and results as JSON lines on standard output");
    root.add_flag("-q,--quiet", session.quiet, "No progress, only the result");
    root.fallthrough();

    const std::vector<Command> commands = {addEdit(root),  addDecompose(root), addModels(root),
                                           addEval(root),  addBench(root),     addTrain(root),
                                           addWorker(root)};
    try {
        root.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return root.exit(error) == 0 ? kDone : kUsage;
    }

    const Interrupt interrupt;
    session.stop = interrupt.token();
    for (const Command& command : commands)
        if (command.app->parsed())
            return report(session, command.run(session));
    return kUsage;
}

/// OpenMP's threads spin while they wait for each other, which makes the networks many times slower
/// as soon as anything else runs on the machine. Its runtime reads the setting once, before main():
/// so the program starts itself again with it, unless the user has chosen.
void restartWithPatientThreads(char** argv) {
    if (std::getenv("OMP_WAIT_POLICY") || std::getenv("GOMP_SPINCOUNT"))
        return;
    std::error_code failed;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
    if (!failed && ::setenv("OMP_WAIT_POLICY", "passive", 0) == 0)
        ::execv(self.c_str(), argv); // returns only when it cannot be done
}

} // namespace
} // namespace strata::cli

int main(int argc, char** argv) {
    strata::cli::restartWithPatientThreads(argv);
    return strata::cli::run(argc, argv);
}
