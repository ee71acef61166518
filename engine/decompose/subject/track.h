// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/subject/appearance.h"
#include "engine/decompose/subject/people.h"

namespace strata {

/// A person being followed.
struct Track {
    PersonObservation seen;  // the last observation, measured or predicted
    Appearance look;         // slow mean over the measured frames
    glm::vec2 velocity{0.f}; // of the region's centre, pixels per frame
    int misses = 0;          // frames since the last measured one
    int age = 0;             // measured frames
};

/// Somebody who left, kept so that they get their id back.
struct Departed {
    int id = 0;
    Appearance look;
    RectF box;
};

/// Everything the tracker knows between two frames.
struct TrackerState {
    std::vector<Track> tracks;
    std::vector<Departed> departed;
    int nextId = 1;
    int sinceLook = 1 << 20;  // frames since the detector last ran
    int sinceTiled = 1 << 20; // and over tiles

    ArrayMap pack() const;
    static Result<TrackerState> unpack(const ArrayMap& arrays);
};

} // namespace strata
