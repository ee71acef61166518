// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/subject/people.h"

#include <array>

namespace strata {

/// Colours of a person's head, trunk and legs, for telling people apart: three histograms over luma
/// and chroma.
struct Appearance {
    static constexpr int kParts = 3;
    static constexpr int kBins = 4 * 8 * 8; // Y, Cb, Cr
    std::array<float, kParts * kBins>
        histogram{};                  // every part sums to 1, or to 0 when it is not seen
    std::array<float, kParts> mass{}; // seen pixels of the part over all seen pixels

    bool empty() const { return mass[0] + mass[1] + mass[2] <= 0; }
    /// Moves towards `other` by `share`.
    void blend(const Appearance& other, float share);
};

/// Taken inside the observation's mask.
Appearance appearanceOf(const ImageU8& rgb, const PersonObservation& person);

/// How far two show the same parts of a body, 0..1: an entering head is no match for a whole
/// person.
float sharedParts(const Appearance& a, const Appearance& b);

/// 0 = nothing in common .. 1 = equal (Bhattacharyya, over the parts that both show).
float similarity(const Appearance& a, const Appearance& b);

} // namespace strata
