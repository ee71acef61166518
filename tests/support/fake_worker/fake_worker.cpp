// SPDX-License-Identifier: Apache-2.0
// A worker without networks: the real server with jobs that only count, and whatever can go wrong
// with a worker on demand. Each argument is NAME or NAME=VALUE:
//   steps=N step_ms=N   what a job takes
//   crash=N hang=N garbage=N   in step N of a job: killed, stopped without a word, a bad line
//   once=FILE           the above only while FILE is not there, which is made then
//   version=N           of the protocol
//   mute babble exit=N  instead of serving: silence, endless bad lines, the end with code N
#include "app/cli/worker/server.h"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

using namespace strata;
using namespace strata::protocol;

class Script {
public:
    Script(int argc, char** argv) {
        for (int i = 1; i < argc; ++i) {
            const std::string argument = argv[i];
            const auto equals = argument.find('=');
            m_values[argument.substr(0, equals)] =
                equals == std::string::npos ? "" : argument.substr(equals + 1);
        }
    }

    bool has(const std::string& name) const { return m_values.contains(name); }
    std::string text(const std::string& name) const { return m_values.at(name); }
    int number(const std::string& name, int fallback) const {
        return has(name) ? std::atoi(text(name).c_str()) : fallback;
    }
    /// Whether what `name` stands for goes wrong in this step.
    bool strikes(const std::string& name, int step) const {
        if (number(name, -1) != step)
            return false;
        if (!has("once"))
            return true;
        const bool again = std::filesystem::exists(text("once"));
        std::ofstream(text("once")) << "struck";
        return !again;
    }

private:
    std::map<std::string, std::string> m_values;
};

void goWrong(const Script& script, int step) {
    if (script.strikes("crash", step)) {
        std::fprintf(stderr, "about to crash\n");
        ::kill(::getpid(), SIGKILL);
    }
    if (script.strikes("hang", step))
        ::kill(::getpid(), SIGSTOP);
    if (script.strikes("garbage", step)) {
        const std::string bad = "{\"event\":\"progress\",\"id\":\n\xff\xfe bad \n[[[[\n";
        if (::write(STDOUT_FILENO, bad.data(), bad.size()) < 0)
            std::exit(1);
    }
}

/// False when the job is to stop.
bool pause(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, stop, time, [&] { return stop.stop_requested(); });
}

Result<JobReport> count(const Script& script, JobId id, std::stop_token stop,
                        const cli::Engine::Tell& tell) {
    const int steps = script.number("steps", 10);
    const std::chrono::milliseconds time(script.number("step_ms", 5));
    tell(PeopleFound{id, {{1, true, {0, steps}, steps, steps, 0.5, 3, {10, 20, 30, 40}}}});
    for (int step = 0; step < steps; ++step) {
        goWrong(script, step);
        if (!pause(time, stop))
            return cancelled();
        tell(ProgressMade{id, "count", double(step + 1) / steps, step + 1, steps, 0, {}});
        tell(ChunkStored{
            id, "count", std::string(64, 'a'), {step, step + 1}, "/cache/aa", {"a.mkv"}, true});
    }
    JobReport report;
    report.frames = steps;
    return report;
}

Result<JobReport> run(const Script& script, const Request& job, std::stop_token stop,
                      const cli::Engine::Tell& tell) {
    const JobId id = std::visit(
        [](const auto& request) -> JobId {
            if constexpr (requires { request.id; })
                return request.id;
            return 0;
        },
        job);
    auto report = count(script, id, std::move(stop), tell);
    if (const auto* decompose = std::get_if<Decompose>(&job); report && decompose)
        report->out = decompose->clip.video; // so that a test sees what arrived
    return report;
}

[[noreturn]] void babble() {
    while (std::puts("hello, I am no worker") >= 0)
        std::fflush(stdout);
    std::exit(1);
}

} // namespace

int main(int argc, char** argv) {
    const Script script(argc, argv);
    std::signal(SIGPIPE, SIG_IGN);
    if (script.has("exit")) {
        std::fprintf(stderr, "no heart to begin\n");
        return script.number("exit", 1);
    }
    if (script.has("mute"))
        std::this_thread::sleep_for(std::chrono::minutes(5));
    if (script.has("babble"))
        babble();
    const Model model{"net", "lite", "A net", "test", "MIT", "", 1000, ModelPresence::Ready};
    const cli::Engine engine{
        [&](const Request& job, std::stop_token stop, const cli::Engine::Tell& tell) {
            return run(script, job, std::move(stop), tell);
        },
        [&]() -> Result<std::vector<Model>> { return std::vector{model}; }};
    cli::Server(STDIN_FILENO, STDOUT_FILENO, engine)
        .serve({script.number("version", kVersion), "fake 1", "cpu", "none", "/cache", {model}});
    return 0;
}
