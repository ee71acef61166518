// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/project.h"

#include <cmath>
#include <string>

namespace strata {

inline constexpr std::int64_t kMostFrames = 1'000'000'000;
inline constexpr std::int64_t kMostId = std::int64_t(1) << 53; // what JSON readers keep exactly
// Of each list of a project; far more than anybody edits, and what the checks below can take.
inline constexpr std::size_t kMostMedia = 10'000, kMostMarkers = 100'000, kMostPeople = 1000,
                             kMostStrokes = 200'000, kMostTracks = 100'000;
inline constexpr std::size_t kMostStrokePoints = 100'000, kMostPointsInAll = 2'000'000;
inline constexpr std::size_t kMostNameBytes = 200;
inline constexpr std::size_t kMostTextBytes = 16384; // of any text in a file, paths included
inline constexpr double kMostRadius = 4096, kMostTrim = kMostMatteTrim;

inline constexpr double kMostPixels = 1e6; // from the corner of the picture

/// A point is a finite number of pixels not absurdly far from the picture.
inline bool isPlacable(const StrokePoint& point) {
    const auto near = [](float v) {
        return std::abs(v) <= kMostPixels;
    }; // false for what is no number
    return near(point.x) && near(point.y);
}

/// The first of the promises of Project and its parts that the value breaks, as half a sentence
/// ("the layer 4 belongs to nobody"); empty when it keeps them all.
std::string brokenPromise(const Project& project);

} // namespace strata
