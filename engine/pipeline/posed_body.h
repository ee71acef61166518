// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/synth/person_placement.h"

#include <cstdint>
#include <span>
#include <vector>

namespace strata {

/// The body in each frame of a motion. `body` must outlive it.
class PosedBody {
public:
    PosedBody(const BodyModel& body, PlacedMotion motion)
        : m_body(body)
        , m_placed(std::move(motion))
        , m_shaped(body, m_placed.motion.betas)
        , m_vertices(body.vTemplate.size()) {}

    const Motion& motion() const { return m_placed.motion; }
    bool isThere(std::int64_t frame) const {
        const auto& confidence = m_placed.motion.confidence;
        return confidence.empty() || confidence[std::size_t(frame)] > 0;
    }
    /// In the camera's frame, metres; until the next call.
    const std::vector<glm::vec3>& posed(std::int64_t frame);
    /// The same, x, y and z one after the other.
    std::span<const float> vertices(std::int64_t frame) {
        const auto& all = posed(frame);
        return {&all[0].x, all.size() * 3};
    }
    std::span<const std::uint32_t> faces() const {
        return {&m_body.faces[0].x, m_body.faces.size() * 3};
    }

private:
    const BodyModel& m_body;
    PlacedMotion m_placed;
    ShapedBody m_shaped;
    std::vector<glm::vec3> m_vertices;
};

} // namespace strata
