// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/head_map.h"
#include "engine/synth/subject_view.h"

namespace strata {

/// How the fitted body is brought to the picture's outline.
struct OutlineFit {
    PosedSurface aligned;                // the body moved onto the picture: where colours are read
    std::vector<glm::vec3> displacement; // [6890], rest pose: the shape of hair and clothes
};

/// Moves the posed body's outline onto the matte's, smoothly over the surface, and turns how far it
/// lies outside into a displacement along the normals of the rest pose, the same on both sides of
/// the body as far as the picture allows.
OutlineFit fitOutline(const BodyModel& model, const HeadMap& head, const PictureSubject& subject,
                      const SubjectView& view, bool displace);

} // namespace strata
