// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/result.h"
#include "engine/media/av_handles.h"

#include <cstdint>
#include <filesystem>

namespace strata::media {

/// The sound of a file, ready to be decoded packet by packet; other streams are not read.
struct AudioStream {
    InputPtr file;
    CodecPtr codec;
    int index = -1;

    const AVStream& stream() const { return *file->streams[index]; }
    /// The sample, at `rate` a second, of a time of the stream, counted from `start` on the file's
    /// clock. Times far outside any clip come out as such and not as an overflow.
    std::int64_t sampleAt(std::int64_t time, int rate, Rational start) const;
};

/// An Error when the file has no sound, or sound that cannot be decoded.
Result<AudioStream> openAudioStream(const std::filesystem::path& path);

} // namespace strata::media
