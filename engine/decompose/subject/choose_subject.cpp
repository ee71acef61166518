// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/choose_subject.h"

#include "engine/decompose/subject/body_geometry.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr float kLeastArea = 0.02f;     // of the frame; smaller people are not worked on
constexpr float kFullBodyShare = 0.34f; // of a person's frames
constexpr float kMotionGain = 8.f;      // how much moving limbs count against mere size

/// Mean step of the landmarks from frame to frame, in trunk lengths.
float stepOf(const PersonPose& before, const PersonPose& now) {
    return std::min(poseDistance(before, now), 0.5f);
}

std::string percent(float part) { return std::to_string(int(std::lround(part * 100.f))) + " %"; }

} // namespace

void SubjectSurvey::add(std::int64_t index, const PeopleFrame& people) {
    const float frameArea = float(m_frame.width) * float(m_frame.height);
    for (const PersonObservation& person : people.people) {
        Tally& tally = m_tallies[person.id];
        PersonSummary& s = tally.summary;
        if (s.frames == 0) {
            s.id = person.id;
            s.range = {index, index + 1};
        }
        s.range = {std::min(s.range.begin, index), std::max(s.range.end, index + 1)};
        ++s.frames;
        s.fullBodyFrames += person.fullBody && person.measured;
        const float area = person.box.area() / frameArea;
        tally.heightSum += person.box.height() / float(m_frame.height);
        tally.areaSum += area;
        if (tally.lastFrame == index - 1) {
            tally.stepSum += stepOf(tally.lastPose, person.pose);
            ++tally.steps;
        }
        tally.lastFrame = index;
        tally.lastPose = person.pose;
        const float portrait =
            person.measured ? area * (person.fullBody ? 2.f : 1.f) * person.pose.score : 0.f;
        if (portrait > tally.portraitScore) {
            tally.portraitScore = portrait;
            s.portraitFrame = index;
            s.portraitBox = person.box;
        }
    }
}

std::vector<PersonSummary> SubjectSurvey::people() const {
    std::vector<PersonSummary> list;
    for (const auto& [id, tally] : m_tallies) {
        PersonSummary s = tally.summary;
        s.meanHeight = float(tally.heightSum / double(s.frames));
        s.meanArea = float(tally.areaSum / double(s.frames));
        const float motion = tally.steps ? float(tally.stepSum / double(tally.steps)) : 0.f;
        // Size times time on screen; somebody who performs counts for more than people who stand
        // and look on.
        s.prominence = float(tally.areaSum) * (1.f + kMotionGain * motion) *
                       (0.25f + float(s.fullBodyFrames) / float(s.frames));
        list.push_back(s);
    }
    std::ranges::stable_sort(list, std::greater{}, &PersonSummary::prominence);
    return list;
}

Result<PersonSummary> SubjectSurvey::choose(std::optional<int> id) const {
    const std::vector<PersonSummary> list = people();
    if (list.empty())
        return Error{ErrorCode::NothingToDo, "No person was found in the clip."};
    if (id) {
        const auto found = std::ranges::find(list, *id, &PersonSummary::id);
        if (found != list.end())
            return *found;
        std::string known;
        for (const PersonSummary& person : list)
            known += (known.empty() ? "" : "; ") + describe(person);
        return Error{ErrorCode::Usage, "There is no person " + std::to_string(*id) +
                                           " in the clip. There are: " + known + "."};
    }
    bool largeEnough = false;
    for (const PersonSummary& person : list) {
        if (person.meanArea < kLeastArea)
            continue;
        largeEnough = true;
        if (float(person.fullBodyFrames) >= kFullBodyShare * float(person.frames))
            return person;
    }
    if (!largeEnough)
        return Error{
            ErrorCode::NothingToDo,
            "The people in the clip are too small: the largest covers " +
                percent(std::ranges::max(list, {}, &PersonSummary::meanArea).meanArea) +
                " of the frame, 2 % are needed. Crop the clip, or choose one with --person."};
    return Error{ErrorCode::NothingToDo,
                 "Nobody in the clip is seen from head to feet. Choose somebody with "
                 "--person to go on with half a body (person " +
                     std::to_string(list.front().id) + " is the most prominent)."};
}

std::string describe(const PersonSummary& person) {
    return "person " + std::to_string(person.id) + ": frames " +
           std::to_string(person.range.begin) + "-" + std::to_string(person.range.end - 1) + ", " +
           percent(person.meanHeight) + " of the height, " +
           (float(person.fullBodyFrames) >= kFullBodyShare * float(person.frames)
                ? "full body"
                : "part of the body");
}

} // namespace strata
