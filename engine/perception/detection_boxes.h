// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/perception/detections.h"

#include <cstdint>
#include <span>
#include <vector>

namespace strata {

// BlazePose's detector: a square picture in, for each anchor a box with four points and a score
// out.
constexpr int kDetectorSide = 224;
constexpr std::int64_t kDetectorAnchors = 2254;
constexpr std::int64_t kDetectorValues = 12;

/// Middles of the detector's anchors in the picture, 0..1, in the order of its outputs.
std::vector<glm::vec2> detectorAnchors();

/// Raw outputs (boxes 12 per anchor, score logits) to detections of at least `minScore`, in 0..1 of
/// the picture.
std::vector<PersonDetection> decodeBoxes(std::span<const float> boxes,
                                         std::span<const float> scores,
                                         std::span<const glm::vec2> anchors, float minScore);

/// Intersection over union.
float overlap(const RectF& a, const RectF& b);

/// Weighted non-maximum suppression: boxes that overlap the best one by more than `same` are
/// averaged with it by their scores. Best first.
std::vector<PersonDetection> joinOverlapping(std::vector<PersonDetection> found, float same);

/// Plain suppression between looks at different parts of a frame, which see more or less of one
/// body: of those with the same face or the same place and size only the best stays. Best first.
std::vector<PersonDetection> dropRepeated(std::vector<PersonDetection> found, float same);

/// From 0..1 of a square to pixels of the frame; sets the region.
void placeInFrame(PersonDetection& detection, glm::vec2 corner, float side);

} // namespace strata
