// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/silhouette.h"

#include <algorithm>
#include <cstdint>

namespace strata {
namespace {

/// Combines each sample with those from `-before` to `+after` of it, along rows or columns.
template <typename Choose>
ImageU8 along(const ImageU8& mask, bool rows, int before, int after, Choose choose) {
    ImageU8 out(mask.width(), mask.height(), 1);
    const int limit = rows ? mask.width() : mask.height();
    for (int y = 0; y < mask.height(); ++y)
        for (int x = 0; x < mask.width(); ++x) {
            const int at = rows ? x : y;
            std::uint8_t value = mask.at(x, y);
            for (int k = std::max(0, at - before); k <= std::min(limit - 1, at + after); ++k)
                value = choose(value, rows ? mask.at(k, y) : mask.at(x, k));
            out.at(x, y) = value;
        }
    return out;
}

template <typename Choose>
ImageU8 underRectangle(const ImageU8& mask, int width, int height, Choose choose) {
    const ImageU8 wide = along(mask, true, width / 2, width - 1 - width / 2, choose);
    return along(wide, false, height / 2, height - 1 - height / 2, choose);
}

/// Brightness with weights of 15 bits, as OpenCV computes it.
int gray(const std::uint8_t* rgb) {
    return (rgb[0] * 9798 + rgb[1] * 19235 + rgb[2] * 3735 + (1 << 14)) >> 15;
}

} // namespace

ImageU8 dilated(const ImageU8& mask, int width, int height) {
    return underRectangle(mask, width, height,
                          [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
}

ImageU8 eroded(const ImageU8& mask, int width, int height) {
    return underRectangle(mask, width, height,
                          [](std::uint8_t a, std::uint8_t b) { return std::min(a, b); });
}

ImageU8 motionSilhouette(const ImageU8& motionCode, bool clean) {
    constexpr int kDark = 10;
    ImageU8 mask(motionCode.width(), motionCode.height(), 1);
    for (std::size_t i = 0; i < mask.count(); ++i)
        mask.data()[i] = gray(motionCode.data() + 3 * i) > kDark ? 255 : 0;
    if (!clean)
        return mask;
    mask = eroded(dilated(mask, 5, 5), 5, 5);
    return dilated(eroded(mask, 2, 2), 2, 2);
}

RectI boundingRect(const ImageU8& mask) {
    RectI box{mask.width(), mask.height(), 0, 0};
    for (int y = 0; y < mask.height(); ++y) {
        const std::uint8_t* row = mask.row(y);
        const std::uint8_t* end = row + mask.width();
        const auto set = [](std::uint8_t value) { return value != 0; };
        const auto* first = std::find_if(row, end, set);
        if (first == end)
            continue;
        const auto* last = end - 1;
        while (*last == 0)
            --last;
        box.x0 = std::min(box.x0, int(first - row));
        box.x1 = std::max(box.x1, int(last - row) + 1);
        box.y0 = std::min(box.y0, y);
        box.y1 = y + 1;
    }
    return box.empty() ? RectI{} : box;
}

} // namespace strata
