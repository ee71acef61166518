// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace strata {

/// The colour that marks something in lists and on the timeline; sRGB.
struct LabelColor {
    std::uint8_t red = 0x80, green = 0x80, blue = 0x80;
    constexpr bool operator==(const LabelColor&) const = default;
};

/// Colours that stay apart for most kinds of colour vision, one after another; any index.
LabelColor labelColor(std::int64_t index);

} // namespace strata
