// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/media/video_info.h"
#include "engine/media/video_reader.h"

#include <filesystem>
#include <memory>

namespace strata {

/// One-channel frames of any clip VideoReader can open: the samples themselves when the clip is
/// gray (lossless for what VideoWriter stores as gray), luma at full range otherwise. T is uint8_t
/// (mattes) or uint16_t (depth).
template <typename T>
class GrayReader : public FrameSource<T> {
public:
    using typename FrameSource<T>::Frame;

    static Result<std::unique_ptr<GrayReader>> open(const std::filesystem::path& path,
                                                    VideoReaderOptions options = {});
    ~GrayReader() override;

    const VideoInfo& info() const;
    std::int64_t frameCount() const override;
    Size frameSize() const override;
    Result<Frame> frame(std::int64_t index) override;

private:
    struct Impl;
    explicit GrayReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

using MaskReader = GrayReader<std::uint8_t>;
using DepthReader = GrayReader<std::uint16_t>;

} // namespace strata
