// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/result.h"
#include "engine/media/av_handles.h"

#include <filesystem>

namespace strata::media {

/// The sound of a file, ready to be decoded packet by packet; other streams are not read.
struct AudioStream {
    InputPtr file;
    CodecPtr codec;
    int index = -1;

    const AVStream& stream() const { return *file->streams[index]; }
};

/// An Error when the file has no sound, or sound that cannot be decoded.
Result<AudioStream> openAudioStream(const std::filesystem::path& path);

} // namespace strata::media
