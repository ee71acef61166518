// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/media/video_info.h"

#include <filesystem>
#include <memory>

namespace strata {

struct VideoReaderOptions {
    int readAhead = 4;      // frames decoded in advance while reading in order; 0: no thread
    int cachedFrames = 8;   // recent frames kept
    int decoderThreads = 0; // 0: one per core
    std::int64_t maxPixels = 1LL << 28; // larger pictures are refused before anything is allocated
    Rational stillFps{25, 1};           // rate given to pictures and picture sequences
};

/// A video file, one picture (a clip of one frame) or a picture sequence (a folder, in natural
/// order of names, or a printf pattern such as frames/%05d.png). Any frame in any order, exact to
/// the frame; reading in order does not seek and decodes ahead in a thread. Rotation is applied;
/// RGB follows the matrix and range of the stream. One thread at a time.
class VideoReader : public ColorSource {
public:
    using Frame16 = std::shared_ptr<const ImageU16>;

    static Result<std::unique_ptr<VideoReader>> open(const std::filesystem::path& path,
                                                     VideoReaderOptions options = {});
    ~VideoReader() override;

    const VideoInfo& info() const;
    const std::filesystem::path& path() const;
    std::int64_t frameCount() const override;
    Size frameSize() const override;

    /// RGB, 8 bits.
    Result<Frame> frame(std::int64_t index) override;
    /// RGB, 0..65535 at full scale whatever the depth of the source.
    Result<Frame16> frame16(std::int64_t index);
    /// RGBA, 8 bits, alpha not multiplied in; 255 where the source has no alpha.
    Result<Frame> frameRgba(std::int64_t index);

    /// Seconds from the first frame to `index`, exact. frameCount() gives the end of the clip.
    Rational frameTime(std::int64_t index) const;
    /// The frame that is on screen at `seconds` after the first one, clamped to the clip.
    std::int64_t frameAt(double seconds) const;
    /// Hand this to a writer to keep the timing of a clip with variable rate.
    const FrameTiming& timing() const;
    /// Frames so far that were damaged in the file and shown as the one before them.
    std::int64_t damagedFrames() const;

private:
    struct Impl;
    explicit VideoReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
