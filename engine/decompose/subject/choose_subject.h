// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"
#include "engine/decompose/subject/people.h"

#include <map>
#include <optional>

namespace strata {

/// One person over the whole clip, for lists and for the choice.
struct PersonSummary {
    int id = 0;
    FrameRange range;                // first to last frame with the person; there may be gaps
    std::int64_t frames = 0;         // frames with the person
    std::int64_t fullBodyFrames = 0; // of them, with the whole body
    float meanHeight = 0;            // of the body box, as a part of the frame's height
    float meanArea = 0;              // of the body box, as a part of the frame's area
    float prominence = 0; // what the default choice goes by; larger = more of a main person
    std::int64_t portraitFrame = 0; // where the person is seen largest and best
    RectF portraitBox;
};

/// Collects the people of a clip frame by frame and says who the subject is. Small, whatever the
/// clip's length.
class SubjectSurvey {
public:
    explicit SubjectSurvey(Size frame)
        : m_frame(frame) {}

    void add(std::int64_t index, const PeopleFrame& people);

    /// Everybody, the main person first.
    std::vector<PersonSummary> people() const;
    /// The person with `id`, or the main person: the most prominent full-body one. NothingToDo when
    /// there is nobody, when nobody is large enough and when only parts of bodies are seen; Usage
    /// when there is no person `id`.
    Result<PersonSummary> choose(std::optional<int> id = {}) const;

private:
    struct Tally {
        PersonSummary summary;
        double heightSum = 0, areaSum = 0, stepSum = 0;
        std::int64_t steps = 0, lastFrame = -2;
        PersonPose lastPose;
        float portraitScore = -1;
    };
    Size m_frame;
    std::map<int, Tally> m_tallies;
};

/// "person 1: frames 0-246, 62 % of the height, full body"
std::string describe(const PersonSummary& person);

} // namespace strata
