// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/detection_boxes.h"

#include "engine/perception/pose_region.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata {
namespace {

constexpr float kLargestLogit = 100.f;

void sortByScore(std::vector<PersonDetection>& found) {
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
}

PersonDetection average(std::span<const PersonDetection> group) {
    PersonDetection mean = group.front();
    mean.box = {};
    mean.keypoints = {};
    float total = 0;
    for (const auto& one : group)
        total += one.score;
    for (const auto& one : group) {
        const float w = one.score / total;
        mean.box.x0 += w * one.box.x0;
        mean.box.y0 += w * one.box.y0;
        mean.box.x1 += w * one.box.x1;
        mean.box.y1 += w * one.box.y1;
        for (std::size_t k = 0; k < mean.keypoints.size(); ++k)
            mean.keypoints[k] += w * one.keypoints[k];
    }
    return mean;
}

bool samePerson(const PersonDetection& a, const PersonDetection& b, float same) {
    if (overlap(a.box, b.box) > same)
        return true;
    const glm::vec2 apart = a.region.center - b.region.center;
    const float larger = std::max(a.region.side, b.region.side);
    const float smaller = std::min(a.region.side, b.region.side);
    return std::hypot(apart.x, apart.y) < 0.2f * larger && smaller > 0.5f * larger;
}

} // namespace

std::vector<glm::vec2> detectorAnchors() {
    // Cells of each stride; at the coarsest stride three layers of two anchors each share a cell.
    struct Layer {
        int cells, anchors;
    };
    constexpr std::array<Layer, 3> layers{{{28, 2}, {14, 2}, {7, 6}}};
    std::vector<glm::vec2> anchors;
    for (const auto& layer : layers)
        for (int y = 0; y < layer.cells; ++y)
            for (int x = 0; x < layer.cells; ++x)
                for (int i = 0; i < layer.anchors; ++i)
                    anchors.emplace_back((float(x) + 0.5f) / float(layer.cells),
                                         (float(y) + 0.5f) / float(layer.cells));
    return anchors;
}

std::vector<PersonDetection> decodeBoxes(std::span<const float> boxes,
                                         std::span<const float> scores,
                                         std::span<const glm::vec2> anchors, float minScore) {
    std::vector<PersonDetection> found;
    for (std::size_t i = 0; i < anchors.size(); ++i) {
        const float logit = std::clamp(scores[i], -kLargestLogit, kLargestLogit);
        const float score = 1.f / (1.f + std::exp(-logit));
        if (!(score >= minScore))
            continue;
        const float* raw = boxes.data() + i * std::size_t(kDetectorValues);
        const auto point = [&](std::size_t at) {
            return anchors[i] + glm::vec2(raw[at], raw[at + 1]) / float(kDetectorSide);
        };
        const glm::vec2 middle = point(0);
        const glm::vec2 half = glm::vec2(raw[2], raw[3]) / float(2 * kDetectorSide);
        PersonDetection detection;
        detection.score = score;
        detection.box = {middle.x - half.x, middle.y - half.y, middle.x + half.x,
                         middle.y + half.y};
        for (std::size_t k = 0; k < 4; ++k)
            detection.keypoints[k] = point(4 + 2 * k);
        found.push_back(detection);
    }
    return found;
}

float overlap(const RectF& a, const RectF& b) {
    const RectF common{std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1),
                       std::min(a.y1, b.y1)};
    const float both = a.area() + b.area() - common.area();
    return both > 0 ? common.area() / both : 0.f;
}

std::vector<PersonDetection> joinOverlapping(std::vector<PersonDetection> found, float same) {
    sortByScore(found);
    std::vector<PersonDetection> joined;
    while (!found.empty()) {
        const RectF best = found.front().box;
        const auto rest =
            std::stable_partition(found.begin() + 1, found.end(), [&](const auto& other) {
                return overlap(best, other.box) > same;
            });
        joined.push_back(average({found.begin(), rest}));
        found.erase(found.begin(), rest);
    }
    return joined;
}

std::vector<PersonDetection> dropRepeated(std::vector<PersonDetection> found, float same) {
    sortByScore(found);
    std::vector<PersonDetection> kept;
    for (const auto& one : found)
        if (std::none_of(kept.begin(), kept.end(),
                         [&](const auto& other) { return samePerson(one, other, same); }))
            kept.push_back(one);
    return kept;
}

void placeInFrame(PersonDetection& detection, glm::vec2 corner, float side) {
    auto& box = detection.box;
    box = {corner.x + box.x0 * side, corner.y + box.y0 * side, corner.x + box.x1 * side,
           corner.y + box.y1 * side};
    for (auto& point : detection.keypoints)
        point = corner + point * side;
    detection.region = regionAround(detection.keypoints[0], detection.keypoints[1]);
}

} // namespace strata
