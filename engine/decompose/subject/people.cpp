// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/people.h"

#include <algorithm>

namespace strata {
namespace {

constexpr int kBoxFields = 4;
constexpr int kRegionFields = 4; // centre x, y, side, angle
constexpr int kScreenFields = 5; // x, y, z, visibility, presence
constexpr std::int64_t kMaskPixels = std::int64_t(kPersonMaskSide) * kPersonMaskSide;
constexpr std::int64_t kMostFrames = 1 << 24;

void append(std::vector<float>& out, const PoseRegion& region) {
    out.insert(out.end(), {region.center.x, region.center.y, region.side, region.angle});
}

PoseRegion regionAt(const std::vector<float>& values, std::int64_t row) {
    const float* v = values.data() + row * kRegionFields;
    return {{v[0], v[1]}, v[2], v[3]};
}

struct Columns {
    std::vector<std::int32_t> ids;
    std::vector<std::uint8_t> flags; // 1 = full body, 2 = measured
    std::vector<float> boxes, scores, screen, world, regions, nextRegions;
    std::vector<std::uint8_t> masks;

    void add(const PersonObservation& person) {
        ids.push_back(person.id);
        flags.push_back(std::uint8_t((person.fullBody ? 1 : 0) | (person.measured ? 2 : 0)));
        boxes.insert(boxes.end(), {person.box.x0, person.box.y0, person.box.x1, person.box.y1});
        scores.push_back(person.pose.score);
        for (int i = 0; i < kPoseLandmarks; ++i) {
            const glm::vec3& p = person.pose.landmarks[i];
            screen.insert(screen.end(),
                          {p.x, p.y, p.z, person.pose.visibility[i], person.pose.presence[i]});
            const glm::vec3& w = person.pose.world[i];
            world.insert(world.end(), {w.x, w.y, w.z});
        }
        append(regions, person.region);
        append(nextRegions, person.pose.nextRegion);
        const std::size_t start = masks.size();
        masks.resize(start + kMaskPixels, 0);
        if (person.mask.count() == std::size_t(kMaskPixels))
            std::copy_n(person.mask.data(), kMaskPixels, masks.begin() + std::ptrdiff_t(start));
    }

    PersonObservation at(std::int64_t row) const {
        PersonObservation person;
        person.id = ids[row];
        person.fullBody = flags[row] & 1;
        person.measured = flags[row] & 2;
        const float* box = boxes.data() + row * kBoxFields;
        person.box = {box[0], box[1], box[2], box[3]};
        person.pose.score = scores[row];
        for (int i = 0; i < kPoseLandmarks; ++i) {
            const float* s = screen.data() + (row * kPoseLandmarks + i) * kScreenFields;
            person.pose.landmarks[i] = {s[0], s[1], s[2]};
            person.pose.visibility[i] = s[3];
            person.pose.presence[i] = s[4];
            const float* w = world.data() + (row * kPoseLandmarks + i) * 3;
            person.pose.world[i] = {w[0], w[1], w[2]};
        }
        person.region = regionAt(regions, row);
        person.pose.nextRegion = regionAt(nextRegions, row);
        person.mask = ImageU8(kPersonMaskSide, kPersonMaskSide, 1);
        std::copy_n(masks.begin() + row * kMaskPixels, kMaskPixels, person.mask.data());
        return person;
    }
};

Result<std::vector<float>> floats(const ArrayMap& arrays, const std::string& name,
                                  const std::string& file, std::vector<std::int64_t> shape) {
    STRATA_ASSIGN(const Array array, require(arrays, name, file, shape));
    return array.toFloats();
}

template <typename T>
Result<std::vector<T>> integers(const ArrayMap& arrays, const std::string& name,
                                const std::string& file, std::vector<std::int64_t> shape) {
    STRATA_ASSIGN(const Array array, require(arrays, name, file, shape));
    const std::vector<std::int64_t> values = array.toInts();
    return std::vector<T>(values.begin(), values.end());
}

Result<Columns> readColumns(const ArrayMap& arrays, const std::string& file, std::int64_t rows) {
    Columns columns;
    STRATA_ASSIGN(columns.ids, integers<std::int32_t>(arrays, "id", file, {rows}));
    STRATA_ASSIGN(columns.flags, integers<std::uint8_t>(arrays, "flags", file, {rows}));
    STRATA_ASSIGN(columns.boxes, floats(arrays, "box", file, {rows, kBoxFields}));
    STRATA_ASSIGN(columns.scores, floats(arrays, "score", file, {rows}));
    STRATA_ASSIGN(columns.screen,
                  floats(arrays, "screen", file, {rows, kPoseLandmarks, kScreenFields}));
    STRATA_ASSIGN(columns.world, floats(arrays, "world", file, {rows, kPoseLandmarks, 3}));
    STRATA_ASSIGN(columns.regions, floats(arrays, "region", file, {rows, kRegionFields}));
    STRATA_ASSIGN(columns.nextRegions, floats(arrays, "next_region", file, {rows, kRegionFields}));
    STRATA_ASSIGN(columns.masks, integers<std::uint8_t>(arrays, "mask", file,
                                                        {rows, kPersonMaskSide, kPersonMaskSide}));
    return columns;
}

} // namespace

const PersonObservation* PeopleFrame::find(int id) const {
    const auto found = std::ranges::find(people, id, &PersonObservation::id);
    return found == people.end() ? nullptr : &*found;
}

ArrayMap packPeople(std::span<const PeopleFrame> frames) {
    Columns columns;
    std::vector<std::int32_t> counts;
    for (const PeopleFrame& frame : frames) {
        counts.push_back(std::int32_t(frame.people.size()));
        for (const PersonObservation& person : frame.people)
            columns.add(person);
    }
    const auto rows = std::int64_t(columns.ids.size());
    ArrayMap arrays;
    arrays["count"] =
        Array::of({std::int64_t(counts.size())}, std::span<const std::int32_t>(counts));
    arrays["id"] = Array::of({rows}, std::span<const std::int32_t>(columns.ids));
    arrays["flags"] = Array::of({rows}, std::span<const std::uint8_t>(columns.flags));
    arrays["box"] = Array::of({rows, kBoxFields}, std::span<const float>(columns.boxes));
    arrays["score"] = Array::of({rows}, std::span<const float>(columns.scores));
    arrays["screen"] =
        Array::of({rows, kPoseLandmarks, kScreenFields}, std::span<const float>(columns.screen));
    arrays["world"] = Array::of({rows, kPoseLandmarks, 3}, std::span<const float>(columns.world));
    arrays["region"] = Array::of({rows, kRegionFields}, std::span<const float>(columns.regions));
    arrays["next_region"] =
        Array::of({rows, kRegionFields}, std::span<const float>(columns.nextRegions));
    arrays["mask"] = Array::of({rows, kPersonMaskSide, kPersonMaskSide},
                               std::span<const std::uint8_t>(columns.masks));
    return arrays;
}

Result<std::vector<PeopleFrame>> unpackPeople(const ArrayMap& arrays, const std::string& file) {
    STRATA_ASSIGN(const Array countArray, require(arrays, "count", file, {-1}));
    const std::vector<std::int64_t> counts = countArray.toInts();
    std::int64_t rows = 0;
    for (const std::int64_t count : counts) {
        if (count < 0 || count > kMostFrames || (rows += count) > kMostFrames)
            return Error{ErrorCode::BadFormat,
                         "The numbers of people in " + file + " make no sense."};
    }
    STRATA_ASSIGN(const Columns columns, readColumns(arrays, file, rows));
    std::vector<PeopleFrame> frames(counts.size());
    std::int64_t row = 0;
    for (std::size_t f = 0; f < frames.size(); ++f)
        for (std::int64_t i = 0; i < counts[f]; ++i)
            frames[f].people.push_back(columns.at(row++));
    return frames;
}

} // namespace strata
