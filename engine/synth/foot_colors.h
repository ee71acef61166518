// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/evidence.h"

#include <optional>

namespace strata {

/// What the unseen parts of the feet are painted with, heels above all: what the picture shows of
/// the feet at the same height over the sole, since shoes and socks end at about one height all
/// round.
class FootColors {
public:
    FootColors(const BodyModel& model, std::span<const glm::vec3> rest, const ImageF& albedo,
               const PosedSurface& surface, const Evidence& evidence);

    /// Of a point of the rest pose that this joint moves; nothing away from the feet, or when the
    /// picture shows none.
    std::optional<glm::vec3> color(const glm::vec3& rest, int joint) const;

private:
    float m_sole = 0;                              // height in the rest pose, metres
    std::vector<std::optional<glm::vec3>> m_bands; // upwards from the sole
};

} // namespace strata
