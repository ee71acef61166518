// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/media/video_writer.h"

#include <chrono>
#include <filesystem>
#include <functional>

namespace strata {

class Stopwatch {
public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Frames per second of the ffmpeg program decoding the first `frames` of a video to nothing; the
/// time it takes to start and to open the file is not counted. NotFound when ffmpeg is not there.
Result<double> ffmpegDecodeFps(const std::filesystem::path& video, std::int64_t frames);

/// Seconds per frame of going through a source of several frames once, the first one left out.
Result<double> readingTime(ColorSource& source);
Result<double> readingTime(DepthSource& source);

/// Seconds per frame of writing a source's frames as a layer; some of the first are enough. `file`
/// is written and left.
Result<double> writingTime(ColorSource& source, PixelStore store,
                           const std::filesystem::path& file);

} // namespace strata
