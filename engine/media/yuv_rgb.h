// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/image.h"
#include "engine/media/video_info.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace strata::media {

/// How planar YUV samples lie: bits, how often chroma is halved (0 or 1), and where chroma samples
/// sit.
struct YuvLayout {
    Size size;
    int depth = 8;
    int halvedX = 1;
    int halvedY = 1;
    bool leftSited = true; // horizontally on the even columns, else between the columns
    bool topSited = false; // vertically on the even rows, else between the rows
    bool operator==(const YuvLayout&) const = default;
};

/// Three planes; samples of more than 8 bits are 16-bit words of the machine's order. Strides in
/// bytes.
struct YuvPlanes {
    std::array<std::uint8_t*, 3> data{};
    std::array<std::ptrdiff_t, 3> stride{};
};

/// Chroma is interpolated linearly. T: uint8_t or uint16_t at full scale; `out` has 3 channels and
/// the layout's size.
template <typename T>
void yuvToRgb(const YuvPlanes& planes, const YuvLayout& layout, ColorTags color, Image<T>& out);

/// The inverse: chroma is the one that yuvToRgb brings closest to the picture (least squares), so
/// that pictures which came out of 4:2:0 go back into it without loss.
template <typename T>
void rgbToYuv(const Image<T>& rgb, const YuvLayout& layout, ColorTags color,
              const YuvPlanes& planes);

} // namespace strata::media
