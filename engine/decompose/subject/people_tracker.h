// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/decompose/subject/people.h"
#include "engine/decompose/subject/person_sensor.h"

#include <cstdint>
#include <memory>

namespace strata {

struct PeopleTrackerOptions {
    int keyEvery = 12;         // frames between looks of the detector while somebody is tracked
    int tiledEvery = 24;       // frames between tiled looks while nobody is
    int maxMisses = 8;         // a track ends after so many frames without the person
    int maxPeople = 4;         // more than that are not followed
    float minDetection = 0.5f; // detector score for a new person
    float minPose = 0.5f;      // landmark score for a person to be there
};

/// Finds the people of a clip and follows them with lasting ids. Sequential: frames in order, each
/// once. The state after a frame can be saved and restored exactly, so that a clip can be done in
/// pieces.
///
/// Run once forward over the clip. A second run over the frames in falling order, with the results
/// of the first
/// (`known`), fills the frames before a person was first found and after they were lost; see
/// processBackward.
class PeopleTracker {
public:
    explicit PeopleTracker(PersonSensor& sensor, PeopleTrackerOptions options = {});
    PeopleTracker(PeopleTracker&&) noexcept;
    ~PeopleTracker();

    Result<PeopleFrame> process(std::int64_t index, const ImageU8& rgb,
                                const JobContext& context = {});

    /// Use a fresh tracker, call with falling `index`. Returns `known` with the people added that
    /// are seen in the frame after it and not in `known`. No new ids are made, the detector is not
    /// run.
    Result<PeopleFrame> processBackward(std::int64_t index, const ImageU8& rgb,
                                        const PeopleFrame& known, const JobContext& context = {});

    ArrayMap saveState() const;
    Status restoreState(const ArrayMap& state);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
