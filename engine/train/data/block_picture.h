// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <vector>

namespace strata {

/// An RGB picture in 5 bits per pixel: every block of 4 x 4 has two colours and, per pixel, which
/// of the four colours on the line between them it takes. Needs no library to be read, and is the
/// same everywhere.
struct BlockPicture {
    static constexpr int kBlockBytes = 10;
    int blocksWide = 0, blocksHigh = 0;
    std::vector<std::uint8_t> bytes; // [blocksHigh, blocksWide, 10]

    bool empty() const { return bytes.empty(); }
    /// Sides are cut to multiples of 4. `picture` has 3 or 4 channels; alpha is dropped.
    static BlockPicture of(const ImageU8& picture);
    ImageU8 unpacked() const;
};

} // namespace strata
