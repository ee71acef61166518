// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/subject/people.h"

namespace strata {

/// Point (u, v) in [0, 1]^2 of a region, in pixels of the frame, and back.
glm::vec2 regionToFrame(const PoseRegion& region, glm::vec2 uv);
glm::vec2 frameToRegion(const PoseRegion& region, glm::vec2 point);

/// The landmark network's 256 x 256 mask (0..1) at the size kept in observations.
ImageU8 reduceRegionMask(const ImageF& mask);

/// Mask value (0..255) at a point of the frame, bilinear; 0 outside the region.
float regionMaskAt(const PersonObservation& person, glm::vec2 point);

/// Length that poses are compared by: of the trunk, from mid shoulder to mid hip, or a part of the
/// spread of all landmarks when the trunk is seen from its end.
float bodyScale(const PersonPose& pose);

/// Mean distance of the 33 landmarks of two poses in trunk lengths of the larger one; 0 = the same
/// body.
float poseDistance(const PersonPose& a, const PersonPose& b);

float boxOverlap(const RectF& a, const RectF& b); // intersection over union

/// Body box from the present landmarks and the region's mask near them, clamped to the frame.
RectF bodyBox(const PersonObservation& person, Size frame);

/// Head, shoulders, hips, knees and ankles in the frame, by the network's opinion and their place.
bool seesFullBody(const PersonPose& pose, Size frame);

/// Part (0..1) of the main joints in the frame that lie in the body mask. Low where the network
/// imagines a body.
float jointsInMask(const PersonObservation& person, Size frame);

/// Part (0..1) of the body mask whose values are neither clearly inside nor outside. Below 0.25 for
/// a body in plain sight, above 0.5 for the clouds that the network sees in empty rooms.
float maskVagueness(const PersonObservation& person);

/// The observation moved by `shift` pixels.
PersonObservation shifted(PersonObservation person, glm::vec2 shift);

} // namespace strata
