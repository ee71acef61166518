// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"

#include <array>
#include <span>

namespace strata {

/// The legs as round cones along their bones, for what hangs around both of them: a skirt follows
/// each leg only in part, and without this a thigh that is lifted comes out through it.
class LegCones {
public:
    explicit LegCones(const ShapedBody& body);

    static constexpr std::size_t kParts = 4;  // left and right thigh, left and right shin
    using Room = std::array<float, kParts>;   // metres from the surface of each, negative within
    static constexpr float kClothGap = 0.02f; // metres that a skirt keeps from the legs

    /// Of a point in the rest pose.
    Room room(const glm::vec3& rest) const;
    /// Moves a posed point away from the bones until it is as far from each part as it was at rest,
    /// or `gap` metres if that is less. `joints`: [24] of the same pose.
    void pushOut(glm::vec3& point, const Room& room, std::span<const glm::vec3> joints,
                 float gap = kClothGap) const;

private:
    static constexpr std::size_t kSteps = 10;

    struct Place {
        glm::vec3 away{0.f};  // from the bone, not normalised
        float distance = 0.f; // of the bone
        float radius = 0.f;   // there
        bool beside = false;  // not beyond the bone's ends
    };
    Place placeOf(std::size_t part, const glm::vec3& point,
                  std::span<const glm::vec3> joints) const;

    std::array<glm::vec3, kBodyJoints> m_rest{};
    std::array<std::array<float, kSteps + 1>, kParts> m_radius{}; // along the bone
};

/// Whether something with these weights on the body's bones hangs around both legs, or from the
/// trunk beside them, and not on one of them. `rest` is its place in the rest pose.
bool hangsAroundLegs(const std::array<std::uint8_t, 4>& bones, const glm::vec4& weights,
                     const glm::vec3& rest, std::span<const glm::vec3> restJoints);

} // namespace strata
