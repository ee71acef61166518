// SPDX-License-Identifier: Apache-2.0
#include "engine/project/label_color.h"

#include <array>

namespace strata {

LabelColor labelColor(std::int64_t index) {
    // Okabe and Ito, "Color Universal Design", 2008, without black.
    static constexpr std::array<LabelColor, 7> palette = {{{0x56, 0xb4, 0xe9},
                                                           {0xe6, 0x9f, 0x00},
                                                           {0x00, 0x9e, 0x73},
                                                           {0xcc, 0x79, 0xa7},
                                                           {0xf0, 0xe4, 0x42},
                                                           {0x00, 0x72, 0xb2},
                                                           {0xd5, 0x5e, 0x00}}};
    const auto count = std::int64_t(palette.size());
    return palette[std::size_t((index % count + count) % count)];
}

} // namespace strata
