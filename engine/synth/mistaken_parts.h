// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/subject_view.h"

namespace strata {

/// Where a picture shows another part in the place of the one that the fitted body has there: hair
/// or a hem before a bare arm, and a bare arm before clothes. [h, w, 1] of the view's size: 1
/// there, soft at the edge, else 0. What an arm or a height of the trunk looks like is what most of
/// its pixels show; what is unlike it and borders on the other part is that one's, while a tattoo,
/// a bracelet or a print lies within its own outline. `skin`: colour of the person's skin, linear.
ImageF mistakenParts(const ShapedBody& body, const SubjectView& view, const PosedSurface& surface,
                     const glm::vec3& skin);

} // namespace strata
