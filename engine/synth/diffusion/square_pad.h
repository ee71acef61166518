// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <cstdint>

namespace strata {

/// `value` rounded up to a multiple of 16.
constexpr int upToSixteen(int value) { return (value + 15) / 16 * 16; }

/// How a crop lies in the square that the network sees.
struct SquarePad {
    int side = 0; // multiple of 16, at least the crop's longer side
    int top = 0, bottom = 0, left = 0, right = 0;
    RectI inside() const { return {left, top, side - right, side - bottom}; }
    /// The pixels of the square resized to `size` x `size` whose middle lies inside; one at least.
    RectI insideOf(int size) const;
    constexpr bool operator==(const SquarePad&) const = default;
};

SquarePad squarePad(Size crop);

/// The part of `image` inside `box`, which must lie in it.
ImageU8 cropped(const ImageU8& image, const RectI& box);

/// The crop in the middle of a square of grey `fill`.
ImageU8 padded(const ImageU8& crop, const SquarePad& pad, std::uint8_t fill);

/// Ours: the square resized by Lanczos to `size` x `size` so that crop and padding do not mix at
/// their border.
ImageU8 paddedAndResized(const ImageU8& crop, const SquarePad& pad, int size, std::uint8_t fill);

} // namespace strata
