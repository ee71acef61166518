// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/decompose/subject/people.h"

#include <functional>
#include <memory>

namespace strata {

/// How far a frame differs from the scene behind a person, as other frames show it.
struct PlateEvidence {
    ImageF difference; // [h, w, 1] at reduced size: colour distance in 8-bit levels to the best
                       // explanation by the scene
    ImageF known; // [h, w, 1], 0..1: in how many of the compared frames the place is free of the
                  // person
};

struct PlateCueOptions {
    int side = 288; // shorter side of the pictures that are compared
    int reach = 48; // frames to either side that are looked at, not all of them
};

/// Compares a frame with frames around it, brought over by the motion of the camera, at places
/// where the person is not in them. Says where the frame shows scene and where something that
/// moved. Nothing is known behind a person who never moves. A pure function of the frame's number.
class PlateCue {
public:
    using PeopleAt = std::function<Result<PeopleFrame>(std::int64_t index)>;

    /// `color` must outlive this object.
    PlateCue(ColorSource& color, PeopleAt people, int personId, PlateCueOptions options = {});
    PlateCue(PlateCue&&) noexcept;
    ~PlateCue();

    Result<PlateEvidence> frame(std::int64_t index);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
