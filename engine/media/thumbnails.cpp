// SPDX-License-Identifier: Apache-2.0
#include "engine/media/thumbnails.h"

#include "engine/media/resize.h"

#include <algorithm>
#include <cmath>

namespace strata {

Size thumbnailSize(const VideoInfo& info, int height) {
    if (info.size.width <= 0 || info.size.height <= 0 || height <= 0)
        return {};
    const double aspect = info.sampleAspect.num > 0 ? info.sampleAspect.value() : 1.0;
    const double width = height * aspect * info.size.width / info.size.height;
    // A file may claim any shape.
    return {int(std::clamp(std::round(width), 1.0, height * 16.0)), height};
}

Result<std::unique_ptr<VideoReader>> openForThumbnails(const std::filesystem::path& path) {
    return VideoReader::open(path, {.readAhead = 0, .cachedFrames = 1, .decoderThreads = 1});
}

Status readThumbnails(VideoReader& clip, std::span<const std::int64_t> frames, int height,
                      const JobContext& job,
                      const std::function<bool(std::int64_t, ImageU8)>& deliver) {
    const Size size = thumbnailSize(clip.info(), height);
    if (size.width <= 0)
        return Error{ErrorCode::Usage, "Thumbnails need a height of at least one pixel."};
    std::int64_t done = 0;
    for (const std::int64_t frame : frames) {
        if (job.stopRequested())
            return cancelled();
        if (frame >= 0 && frame < clip.frameCount()) {
            STRATA_ASSIGN(const VideoReader::Frame picture, clip.frame(frame));
            if (!deliver(frame, resizeImage(*picture, size, ResizeFilter::Area)))
                return ok();
        }
        job.progress("thumbnails", ++done, std::int64_t(frames.size()));
    }
    return ok();
}

} // namespace strata
