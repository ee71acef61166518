// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/time.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace strata {

/// Lowest and highest sample of a stretch of sound over all channels; full scale is -127..127.
struct AudioPeak {
    std::int8_t low = 0;
    std::int8_t high = 0;
    bool operator==(const AudioPeak&) const = default;
};

/// The shape of a clip's sound, to be drawn: one peak per bucket of equal duration, and coarser
/// levels over them so that any stretch is answered in a time that does not depend on its length.
class Waveform {
public:
    Waveform() = default;
    Waveform(std::vector<AudioPeak> peaks, int bucketsPerSecond);

    bool empty() const { return m_levels.empty(); }
    int bucketsPerSecond() const { return m_bucketsPerSecond; }
    double seconds() const;
    const std::vector<AudioPeak>& peaks() const { return m_levels.front(); }

    /// Of every bucket that [from, to) touches, in seconds; at least one bucket. Silence outside.
    AudioPeak between(double from, double to) const;

private:
    std::vector<std::vector<AudioPeak>> m_levels; // [0] the buckets, [k + 1] eight of [k] in one
    int m_bucketsPerSecond = 0;
};

struct WaveformOptions {
    int bucketsPerSecond = 400;
    Rational start{0, 1};            // seconds on the file's clock that count as 0
    std::int64_t maxSeconds = 86400; // what is later is left out
};

/// Decodes the sound of a file from its start to its end, packet by packet, and keeps the peaks
/// only. A file without sound is NothingToDo.
Result<Waveform> readWaveform(const std::filesystem::path& path, const WaveformOptions& options,
                              const JobContext& job);

} // namespace strata
