// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/media/video_reader.h"

#include <functional>
#include <span>

namespace strata {

/// Size of a clip's pictures when they are `height` pixels high, non-square pixels made square.
Size thumbnailSize(const VideoInfo& info, int height);

/// A reader that leaves the machine to others: one thread, nothing decoded ahead.
Result<std::unique_ptr<VideoReader>> openForThumbnails(const std::filesystem::path& path);

/// Hands over each of `frames`, in that order, as RGB of thumbnailSize(). Frames outside the clip
/// are left out; stops when `deliver` says false.
Status readThumbnails(VideoReader& clip, std::span<const std::int64_t> frames, int height,
                      const JobContext& job,
                      const std::function<bool(std::int64_t frame, ImageU8 picture)>& deliver);

} // namespace strata
