// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/media/av_handles.h"
#include "engine/media/video_info.h"

namespace strata::media {

/// Images to the frames an encoder takes.
class FramePacker {
public:
    FramePacker(Size size, AVPixelFormat format, ColorTags color)
        : m_size(size)
        , m_format(format)
        , m_color(color) {}

    /// The frame belongs to the caller.
    Result<FramePtr> pack(const ImageU8& image);
    Result<FramePtr> pack(const ImageU16& image);

private:
    Result<FramePtr> fresh(Size size) const;
    template <typename T>
    Status toYuv(const Image<T>& rgb, AVFrame& frame) const;

    Size m_size;
    AVPixelFormat m_format;
    ColorTags m_color;
};

} // namespace strata::media
