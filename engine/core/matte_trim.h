// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace strata {

inline constexpr double kMostMatteTrim = 64;

/// How a matte is changed after it has been computed; all in pixels of the clip.
struct MatteTrim {
    double grow = 0;    // the edge goes outwards by this, negative inwards; -64 to 64
    double feather = 0; // width of the soft edge that is added; 0 to 64
    bool operator==(const MatteTrim&) const = default;
};

} // namespace strata
