// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/formats/array.h"
#include "engine/perception/detections.h"

#include <span>
#include <string>
#include <vector>

namespace strata {

/// Side of PersonObservation::mask.
constexpr int kPersonMaskSide = 128;

/// One person in one frame.
struct PersonObservation {
    int id = 0;            // the same for the same person through the clip; from 1 up
    PersonPose pose;       // landmarks in pixels of the frame
    RectF box;             // of the body, from its landmarks and mask; within the frame
    bool fullBody = false; // head to feet inside the frame and seen
    bool measured =
        true;     // false: the network lost the person here, the values are predicted from before
    ImageU8 mask; // body mask in the frame of `region`, kPersonMaskSide squared, 0..255
    PoseRegion region; // what the landmark network looked at
};

/// Everybody in one frame, ordered by id. Empty when nobody is there.
struct PeopleFrame {
    std::vector<PersonObservation> people;

    const PersonObservation* find(int id) const;
};

/// Consecutive frames as arrays (npz): "count" [frames] and one row per observation in the others.
ArrayMap packPeople(std::span<const PeopleFrame> frames);
/// The inverse; `file` is named in errors. Refuses arrays that do not fit together.
Result<std::vector<PeopleFrame>> unpackPeople(const ArrayMap& arrays, const std::string& file);

} // namespace strata
