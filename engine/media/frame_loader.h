// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/media/video_info.h"
#include "engine/media/video_reader.h"

#include <memory>

namespace strata::media {

/// What a frame is wanted as. 16-bit forms are at full scale.
enum class PixelForm { Rgb8, Rgba8, Rgb16, Gray8, Gray16 };

/// A frame in the one member that its form uses.
struct LoadedFrame {
    std::shared_ptr<const ImageU8> u8;
    std::shared_ptr<const ImageU16> u16;
};

/// Where frames come from: a decoded stream or picture files. One thread at a time.
class FrameLoader {
public:
    virtual ~FrameLoader() = default;
    virtual Result<LoadedFrame> load(std::int64_t frame, PixelForm form) = 0;
    virtual std::int64_t damagedFrames() const { return 0; }

    const VideoInfo& info() const { return m_info; }
    const FrameTiming& timing() const { return m_timing; }

protected:
    VideoInfo m_info;
    FrameTiming m_timing;
};

Result<std::unique_ptr<FrameLoader>> openVideoLoader(const std::filesystem::path& path,
                                                     const VideoReaderOptions& options);
/// One picture file, a folder or a printf pattern.
Result<std::unique_ptr<FrameLoader>> openPictureLoader(const std::filesystem::path& path,
                                                       const VideoReaderOptions& options);
/// Whichever of the two `path` asks for.
Result<std::unique_ptr<FrameLoader>> openLoader(const std::filesystem::path& path,
                                                const VideoReaderOptions& options);

} // namespace strata::media
