// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/worker/engine_jobs.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <unistd.h>

namespace strata::cli {
namespace {

/// Standard output for events alone: whatever else is printed there from now on goes to standard
/// error.
Result<int> takeStandardOutput() {
    const int out = ::dup(STDOUT_FILENO);
    if (out < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return Error{ErrorCode::Io, std::string("The worker has no standard output: ") +
                                        std::strerror(errno) + "."};
    return out;
}

Status run(Session& session) {
    STRATA_ASSIGN(const int out, takeStandardOutput());
    std::signal(SIGPIPE, SIG_IGN); // a client that went is told by write()
    STRATA_ASSIGN(const protocol::Hello hello, introduction());
    Server(STDIN_FILENO, out, pipelineEngine()).serve(hello, session.stop);
    ::close(out);
    return ok();
}

constexpr const char* kFooter = R"(
Reads requests from standard input and writes events to standard output, one JSON object per line; the editor starts
it. app/cli/README.md in the sources describes the protocol.)";

} // namespace

Command addWorker(CLI::App& root) {
    CLI::App* app = root.add_subcommand("worker", "Serve an editor over standard input and output");
    app->footer(kFooter);
    return {app, run};
}

} // namespace strata::cli
