// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/subject_view.h"

namespace strata {

/// The picture without the soft part of its light: linear colours [h, w, 3] divided by the shading
/// that spherical harmonics of order 2 explain. `strength` 0..1.
struct Delighted {
    ImageF albedo;
    std::array<glm::vec3, 9> light{};
};
Delighted removeLight(const BodyModel& model, const SubjectView& view, const PosedSurface& surface,
                      float strength);

} // namespace strata
