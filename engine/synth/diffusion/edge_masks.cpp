// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/edge_masks.h"

#include <algorithm>

namespace strata {
namespace {

constexpr unsigned kLeft = 1, kRight = 2, kTop = 4, kBottom = 8;

/// The touched borders of each mask, in the order of their numbers.
constexpr std::array<unsigned, 16> kBorders{kLeft | kRight | kTop | kBottom,
                                            kLeft | kRight | kTop,
                                            kLeft | kRight | kBottom,
                                            kLeft | kTop | kBottom,
                                            kRight | kTop | kBottom,
                                            kLeft | kRight,
                                            kTop | kBottom,
                                            kLeft | kTop,
                                            kRight | kTop,
                                            kLeft | kBottom,
                                            kRight | kBottom,
                                            kLeft,
                                            kRight,
                                            kTop,
                                            kBottom,
                                            0};

/// Smooth rise from 0 at the border to 1 at `width` px from it, at the middle of a pixel.
float rise(int pixel, float width) {
    const float t = std::clamp((float(pixel) + 0.5f) / std::max(width, 1e-3f), 0.f, 1.f);
    return t * t * (3.f - 2.f * t);
}

} // namespace

TouchedBorders touchedBorders(const RectI& box, Size frame) {
    return {box.x0 <= 0, box.x1 >= frame.width, box.y0 <= 0, box.y1 >= frame.height};
}

int maskIndex(const TouchedBorders& touched) {
    const unsigned bits = (touched.left ? kLeft : 0u) | (touched.right ? kRight : 0u) |
                          (touched.top ? kTop : 0u) | (touched.bottom ? kBottom : 0u);
    return int(std::find(kBorders.begin(), kBorders.end(), bits) - kBorders.begin());
}

const std::array<const char*, 16>& maskNames() {
    static constexpr std::array<const char*, 16> names{"up_down_left_right",
                                                       "left_right_up",
                                                       "left_right_down",
                                                       "up_down_left",
                                                       "up_down_right",
                                                       "left_right",
                                                       "up_down",
                                                       "left_up",
                                                       "right_up",
                                                       "left_down",
                                                       "right_down",
                                                       "left",
                                                       "right",
                                                       "up",
                                                       "down",
                                                       "inner"};
    return names;
}

ImageF featherMask(Size size, const TouchedBorders& touched, float width) {
    ImageF out(size.width, size.height, 1);
    for (int y = 0; y < size.height; ++y) {
        const float above = touched.top ? 1.f : rise(y, width);
        const float below = touched.bottom ? 1.f : rise(size.height - 1 - y, width);
        for (int x = 0; x < size.width; ++x) {
            const float before = touched.left ? 1.f : rise(x, width);
            const float after = touched.right ? 1.f : rise(size.width - 1 - x, width);
            out.at(x, y) = std::min(above, below) * std::min(before, after);
        }
    }
    return out;
}

std::vector<ImageF> generatedMasks(Size size, float width) {
    std::vector<ImageF> out;
    for (const unsigned bits : kBorders)
        out.push_back(featherMask(
            size,
            {(bits & kLeft) != 0, (bits & kRight) != 0, (bits & kTop) != 0, (bits & kBottom) != 0},
            width));
    return out;
}

} // namespace strata
