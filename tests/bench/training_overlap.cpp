// SPDX-License-Identifier: Apache-2.0
// What it gains to exchange gradients while backward goes on: seconds of a step with and without,
// for processes on this machine.
//   strata_bench_training_overlap [processes] [steps] [side]
#include <torch/torch.h>

#include "tests/unit/train/made_up_clips.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

using namespace strata;
namespace fs = std::filesystem;

namespace {

struct Options {
    int processes = 2, steps = 8, side = 64;
};

TrainingConfig configOf(const Options& options) {
    TrainingConfig config = *TrainingConfig::named("small");
    config.networks.pose.inChannels = 4;
    config.frames = 2;
    config.batch = 1;
    config.steps = options.steps;
    config.checkpointEvery = 1000000;
    return config;
}

Status work(const Options& options, const ProcessPlace& place, const fs::path& folder,
            bool overlap) {
    torch::set_num_threads(1);
    STRATA_ASSIGN(const auto group, ProcessGroup::join(place, false));
    test::MadeUpClips clips(options.side);
    TrainingParts parts;
    parts.source = &clips;
    parts.body = test::squareBody();
    parts.folder = folder;
    parts.group = group.get();
    parts.overlap = overlap;
    const auto& networks = configOf(options).networks;
    parts.tokens = [count = networks.tokens,
                    width = networks.denoiser.contextWidth](const torch::Tensor&) {
        return torch::ones({count, width});
    };
    STRATA_ASSIGN(const auto trainer, Trainer::create(configOf(options), parts));
    if (place.rank == 0 && overlap)
        std::printf("%d processes, %.1f M values learnt\n", place.size,
                    double(trainer->parameters().length()) / 1e6);
    std::fflush(stdout);
    return trainer->run({});
}

/// Median seconds of a step, the first two apart; less than 0 when a process failed.
double measured(const Options& options, bool overlap, int port) {
    const fs::path folder = fs::temp_directory_path() / ("strata_overlap_" + std::to_string(port));
    std::vector<pid_t> children;
    for (int rank = 0; rank < options.processes; ++rank) {
        const pid_t child = ::fork(); // before any thread of LibTorch exists
        if (child == 0) {
            ProcessPlace place;
            place.rank = rank;
            place.size = options.processes;
            place.host = "127.0.0.1";
            place.port = port;
            const Status done = work(options, place, folder, overlap);
            if (!done)
                std::fprintf(stderr, "%s\n", done.error().message.c_str());
            ::_exit(done ? 0 : 1);
        }
        children.push_back(child);
    }
    bool fine = true;
    for (const pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        fine = fine && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    std::vector<double> seconds;
    if (const auto log = readTrainingLog(folder / "log.jsonl"); fine && log)
        for (std::size_t i = 2; i < log->size(); ++i)
            seconds.push_back((*log)[i].seconds);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    std::ranges::sort(seconds);
    return seconds.empty() ? -1 : seconds[seconds.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    int* const places[] = {&options.processes, &options.steps, &options.side};
    for (int i = 1; i < argc && i <= 3; ++i)
        *places[i - 1] = std::max(std::atoi(argv[i]), 1);
    const int port = 20000 + int(::getpid() * 7919L % 20000);
    const double with = measured(options, true, port);
    const double without = measured(options, false, port + 1);
    if (with < 0 || without < 0)
        return 1;
    std::printf("a step: %.3f s when gradients are sent during backward, %.3f s after it: %.1f %% "
                "of a step gained\n",
                with, without, 100 * (1 - with / without));
    return 0;
}
