// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/bench_probes.h"

#include "engine/pipeline/stages/layer_files.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <vector>

extern char** environ;

namespace strata {
namespace fs = std::filesystem;
namespace {

/// Runs ffmpeg over the first frames of a file, as often as that file must be repeated to have
/// them, and gives the seconds it took.
Result<double> timeFfmpeg(const fs::path& video, std::int64_t frames) {
    std::error_code failed;
    const fs::path file = fs::absolute(video, failed); // never looks like an option or a protocol
    std::vector<std::string> words = {
        "ffmpeg", "-nostdin",    "-v",   "error", "-stream_loop", "-1",
        "-i",     file.string(), "-map", "0:v:0", "-frames:v",    std::to_string(frames),
        "-f",     "null",        "-"};
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int stream : {0, 1, 2})
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    const Stopwatch watch;
    pid_t child = 0;
    const int spawned =
        ::posix_spawnp(&child, "ffmpeg", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (spawned != 0)
        return Error{ErrorCode::NotFound, "The program ffmpeg is not installed."};
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return Error{ErrorCode::Internal, "The program ffmpeg was lost sight of."};
    const double seconds = watch.seconds();
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 127)
        return Error{ErrorCode::NotFound, "The program ffmpeg does not run."};
    if (WEXITSTATUS(status) != 0)
        return Error{ErrorCode::BadFormat, "ffmpeg does not decode " + video.string() + "."};
    return seconds;
}

template <typename T>
Result<double> goThrough(FrameSource<T>& source) {
    STRATA_ASSIGN(const auto first, source.frame(0)); // the way there is not counted
    const Stopwatch watch;
    for (std::int64_t i = 1; i < source.frameCount(); ++i) {
        STRATA_ASSIGN(const auto frame, source.frame(i));
    }
    return watch.seconds() / double(std::max<std::int64_t>(1, source.frameCount() - 1));
}

} // namespace

Result<double> ffmpegDecodeFps(const fs::path& video, std::int64_t frames) {
    constexpr std::int64_t kFewest = 240; // fewer take no longer than ffmpeg's start varies
    const std::int64_t more = std::max(frames, kFewest) + 1;
    double one = 0, many = 0;
    for (int run = 0; run < 2; ++run) {
        STRATA_ASSIGN(const double started, timeFfmpeg(video, 1));
        STRATA_ASSIGN(const double whole, timeFfmpeg(video, more));
        one = run == 0 ? started : std::min(one, started);
        many = run == 0 ? whole : std::min(many, whole);
    }
    if (many <= one)
        return Error{ErrorCode::Internal, "ffmpeg's speed could not be measured."};
    return double(more - 1) / (many - one);
}

Result<double> readingTime(ColorSource& source) { return goThrough(source); }
Result<double> readingTime(DepthSource& source) { return goThrough(source); }

Result<double> writingTime(ColorSource& source, PixelStore store, const fs::path& file) {
    constexpr std::size_t kKept = 128u << 20; // bytes of frames held, so that no reading is timed
    std::vector<ColorSource::Frame> frames;
    std::size_t held = 0;
    for (std::int64_t i = 0; i < source.frameCount() && held < kKept; ++i) {
        STRATA_ASSIGN(auto frame, source.frame(i));
        held += frame->count();
        frames.push_back(std::move(frame));
    }
    const Stopwatch watch;
    STRATA_ASSIGN(const auto writer, openLayerWriter(file, source.frameSize(), store));
    for (std::size_t i = 0; i < frames.size(); ++i)
        STRATA_TRY(writer->write(std::int64_t(i), *frames[i]));
    STRATA_TRY(writer->finish());
    return watch.seconds() / double(std::max<std::size_t>(1, frames.size()));
}

} // namespace strata
