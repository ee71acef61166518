// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"

#include <array>
#include <vector>

namespace strata {

/// Heels and toes of both feet on the sole of a body.
class FootContacts {
public:
    static constexpr std::size_t kPoints = 4; // left heel, left toes, right heel, right toes
    using Points = std::array<glm::vec3, kPoints>;
    using Weights = std::array<float, kPoints>;

    explicit FootContacts(const ShapedBody& body);

    /// Where they are in the frame of pose.translation; `scale` as FrameRequest::bodyScale.
    Points at(const BodyPose& pose, float scale = 1.f) const;
    /// Their share in carrying the body, sum 1: the lower, the more; smooth in the pose.
    static Weights weights(const Points& points, const glm::vec3& up);
    static glm::vec3 mean(const Points& points, const Weights& weights);

private:
    const ShapedBody& m_body;
    std::array<std::vector<std::uint32_t>, kPoints> m_vertices;
};

} // namespace strata
