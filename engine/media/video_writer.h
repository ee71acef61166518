// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/media/video_info.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace strata {

enum class VideoCodec { H264, H265, Ffv1 };

/// How FFV1 stores pixels, all of them lossless. H.264 and H.265 store YUV and take Rgb8 or Gray8
/// images.
enum class PixelStore { Rgb8, Rgba8, Gray8, Gray16 };

/// Audio packets copied as they are from another file.
struct AudioCopy {
    std::filesystem::path from;
    Rational start; // seconds on that file's clock that become time 0 (VideoInfo::startTime + frame
                    // time)
    std::optional<Rational>
        stop; // seconds on that file's clock; without it, the end of the written video
};

struct VideoWriterOptions {
    VideoCodec codec = VideoCodec::H264; // .mp4 for H.264 and H.265 (.mkv too), .mkv for FFV1
    PixelStore store = PixelStore::Rgb8;
    Size size;
    Rational fps{25, 1};
    int crf = 18; // 0 is lossless for H.264 at 8 bits (after the conversion to YUV)
    std::string preset = "medium"; // x264 and x265 names
    int bitDepth = 8;              // 8 or 10
    ColorTags color;               // what to convert to and tag; BT.709, limited range by default
    Rational sampleAspect{1, 1};
    std::optional<FrameTiming>
        timing; // variable rate: the time of every frame that will be written
    std::optional<AudioCopy> audio;
    int threads = 4;          // fixed, so that the same input gives the same file on every machine
    int keyframeInterval = 0; // 0: the encoder's own
};

/// Options for writing frames `range` of the clip described by `source`: size, rate, timing,
/// aspect.
VideoWriterOptions writerOptionsFor(const VideoInfo& source, const FrameTiming& timing,
                                    FrameRange range);

/// Writes a clip under a temporary name; finish() gives it its name. Destroyed without finish(), it
/// leaves nothing. Sizes are kept exactly: with an odd width or height the chroma cannot be halved
/// and is stored in full (4:4:4). Frames come with consecutive indices, the first may be any. Takes
/// 8-bit RGB, RGBA or gray images and 16-bit RGB or gray, as the options say. One thread at a time.
class VideoWriter : public ColorSink, public DepthSink {
public:
    static Result<std::unique_ptr<VideoWriter>> open(const std::filesystem::path& path,
                                                     VideoWriterOptions options);
    ~VideoWriter() override;

    Status write(std::int64_t index, const ImageU8& frame) override;
    Status write(std::int64_t index, const ImageU16& frame) override;
    Status finish();

    std::int64_t framesWritten() const;
    /// Why there will be no audio although it was asked for; empty if there is nothing to say.
    const std::string& audioNote() const;

private:
    struct Impl;
    explicit VideoWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
