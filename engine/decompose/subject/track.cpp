// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/track.h"

#include <algorithm>

namespace strata {
namespace {

constexpr const char* kWhere = "the state of the people tracker";
constexpr int kLookFields = Appearance::kParts * Appearance::kBins + Appearance::kParts;
constexpr int kDepartedFields = kLookFields + 5;
constexpr int kTrackFields = kLookFields + 4;

void append(std::vector<float>& out, const Appearance& look) {
    out.insert(out.end(), look.histogram.begin(), look.histogram.end());
    out.insert(out.end(), look.mass.begin(), look.mass.end());
}

Appearance lookAt(const float* values) {
    Appearance look;
    std::copy_n(values, look.histogram.size(), look.histogram.begin());
    std::copy_n(values + look.histogram.size(), look.mass.size(), look.mass.begin());
    return look;
}

} // namespace

ArrayMap TrackerState::pack() const {
    PeopleFrame frame;
    std::vector<float> trackValues, departedValues;
    for (const Track& track : tracks) {
        frame.people.push_back(track.seen);
        trackValues.insert(trackValues.end(),
                           {track.velocity.x, track.velocity.y, float(track.misses),
                            float(std::min(track.age, 1 << 20))});
        append(trackValues, track.look);
    }
    for (const Departed& person : departed) {
        departedValues.insert(departedValues.end(), {float(person.id), person.box.x0, person.box.y0,
                                                     person.box.x1, person.box.y1});
        append(departedValues, person.look);
    }
    ArrayMap arrays = packPeople(std::span(&frame, 1));
    arrays["track"] =
        Array::of({std::int64_t(tracks.size()), kTrackFields}, std::span<const float>(trackValues));
    arrays["departed"] = Array::of({std::int64_t(departed.size()), kDepartedFields},
                                   std::span<const float>(departedValues));
    const std::vector<std::int32_t> counters{nextId, sinceLook, sinceTiled};
    arrays["counters"] = Array::of({3}, std::span<const std::int32_t>(counters));
    return arrays;
}

Result<TrackerState> TrackerState::unpack(const ArrayMap& arrays) {
    STRATA_ASSIGN(const std::vector<PeopleFrame> frames, unpackPeople(arrays, kWhere));
    if (frames.size() != 1)
        return Error{ErrorCode::BadFormat,
                     std::string("There must be one frame in ") + kWhere + "."};
    const auto count = std::int64_t(frames[0].people.size());
    STRATA_ASSIGN(const Array track, require(arrays, "track", kWhere, {count, kTrackFields}));
    STRATA_ASSIGN(const Array gone, require(arrays, "departed", kWhere, {-1, kDepartedFields}));
    STRATA_ASSIGN(const Array counters, require(arrays, "counters", kWhere, {3}));
    TrackerState state;
    const std::vector<float> trackValues = track.toFloats(), goneValues = gone.toFloats();
    for (std::int64_t i = 0; i < count; ++i) {
        const float* v = trackValues.data() + i * kTrackFields;
        state.tracks.push_back(
            {frames[0].people[i], lookAt(v + 4), {v[0], v[1]}, int(v[2]), int(v[3])});
    }
    for (std::int64_t i = 0; i < gone.shape[0]; ++i) {
        const float* v = goneValues.data() + i * kDepartedFields;
        state.departed.push_back({int(v[0]), lookAt(v + 5), {v[1], v[2], v[3], v[4]}});
    }
    const std::vector<std::int64_t> numbers = counters.toInts();
    state.nextId = int(numbers[0]);
    state.sinceLook = int(numbers[1]);
    state.sinceTiled = int(numbers[2]);
    return state;
}

} // namespace strata
