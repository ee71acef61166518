// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/media/av_handles.h"
#include "engine/media/frame_loader.h"
#include "engine/media/yuv_rgb.h"

#include <optional>

namespace strata::media {

/// H.273 matrix code point and range to use for a picture of this format; fills in what the stream
/// does not state.
ColorTags resolvedColor(const AVPixelFormat format, Size size, int primaries, int transfer,
                        int matrix, int range);

/// Sets up swscale for one pair of formats with exact rounding, full chroma interpolation and the
/// given matrix and range on the YUV side. Null if swscale cannot do it.
SwsPtr makeScaler(Size from, AVPixelFormat fromFormat, Size to, AVPixelFormat toFormat,
                  ColorTags color, int chromaLocation);

/// The layout of a planar YUV format that yuv_rgb.h takes; none for others.
std::optional<YuvLayout> yuvLayout(AVPixelFormat format, Size size, int chromaLocation);

/// Decoded frames to images of one size, before rotation.
class PixelConverter {
public:
    PixelConverter(Size size, ColorTags color)
        : m_size(size)
        , m_color(color) {}

    Result<LoadedFrame> convert(const AVFrame& frame, PixelForm form);

private:
    /// RGB of planar YUV of the right size by our own arithmetic, of anything else by swscale.
    template <typename T>
    Status toRgb(const AVFrame& frame, Image<T>& out);
    Status scale(const AVFrame& frame, AVPixelFormat to, std::uint8_t* pixels, int stride);
    template <typename T>
    Result<Image<T>> gray(const AVFrame& frame);

    Size m_size;
    ColorTags m_color;
    SwsPtr m_scaler;
    Size m_scalerSize;
    AVPixelFormat m_from = AV_PIX_FMT_NONE;
    AVPixelFormat m_to = AV_PIX_FMT_NONE;
};

/// Turns a picture clockwise by 0, 90, 180 or 270 degrees after mirroring it left to right if
/// asked.
template <typename T>
Image<T> oriented(const Image<T>& image, int rotation, bool mirrored);

} // namespace strata::media
