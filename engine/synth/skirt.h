// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/subject_view.h"

namespace strata {

/// A skirt or the lower part of a coat, which the body's own surface cannot show because it spans
/// the gap between the legs.
struct Skirt {
    SkinnedMesh mesh; // empty when the picture shows a gap, or nothing, between the legs
};

/// Looks down the legs in the picture: where the matte has no gap between legs that are apart,
/// cloth hangs there. The front's colours are painted into a corner of `texture` ([S, S, 3] sRGB),
/// for front and back alike.
Skirt findSkirt(const ShapedBody& body, const BodyPose& pose, const SubjectView& view,
                const ImageF& albedo, ImageU8& texture);

} // namespace strata
