// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/core/time.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace strata {

/// The sound of a file as stereo samples of one rate, from any moment on, to be played. One thread
/// at a time.
class AudioReader {
public:
    static constexpr int channels = 2;

    /// `sampleRate` in samples per second and channel, 8000 to 384000. `start` is the moment that
    /// counts as 0, on the file's clock: VideoInfo::startTime. ErrorCode::NothingToDo when the file
    /// has no sound.
    static Result<AudioReader> open(const std::filesystem::path& path, int sampleRate,
                                    Rational start);
    AudioReader(AudioReader&&) noexcept;
    AudioReader& operator=(AudioReader&&) noexcept;
    ~AudioReader();

    /// The next read() begins at this second, exact to a sample.
    Status seek(double seconds);
    /// Left and right in turn, -1..1 at full scale. Fills whole pairs and gives their number: fewer
    /// than there is room for only at the end of the sound. Gaps, damaged packets and the time
    /// before the sound begins are silence.
    std::int64_t read(std::span<float> samples);

private:
    struct Impl;
    explicit AudioReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
