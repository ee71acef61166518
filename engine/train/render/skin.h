// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/train/render/scene.h"

namespace strata {

struct SkinStyle {
    glm::vec3 tone{0.5f, 0.3f, 0.22f}; // linear
    glm::vec3 lips{0.42f, 0.16f, 0.14f};
    glm::vec3 brows{0.06f, 0.04f, 0.03f};
    glm::vec3 eyes{0.12f, 0.08f, 0.04f};
    glm::vec3 scalp{0.06f, 0.045f, 0.035f}; // seen between the strands
    float stubble = 0.f;                    // 0..1
    bool bald = false;
};

/// Skin with eyes, brows, lips and scalp, painted by the place on the template
/// (SurfacePoint::rest); `faceIds` are the body's faces that the mesh consists of.
Material skin(const BodyModel& model, const SkinStyle& style,
              const std::vector<std::uint32_t>& faceIds);

} // namespace strata
