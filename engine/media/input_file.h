// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/result.h"
#include "engine/media/av_handles.h"

#include <filesystem>

namespace strata::media {

/// Opens a local media file and finds its streams. Refuses playlists and formats made of text,
/// which could name other files or turn any text into a picture.
Result<InputPtr> openInput(const std::filesystem::path& path);

/// The video stream that is not a cover picture, or an Error.
Result<int> findVideoStream(AVFormatContext* file, const std::filesystem::path& path);

/// -1 when there is none.
int findAudioStream(AVFormatContext* file);

} // namespace strata::media
