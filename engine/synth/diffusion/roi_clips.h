// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/core/time.h"

#include <cstdint>
#include <span>
#include <vector>

namespace strata {

enum class RoiRule {
    Covering, // ours: boxes hold the person in every frame of their clip, frames without one take
              // the box of their neighbour
    Release,  // the published rule with its mistakes
};

struct RoiConfig {
    double padHeight = 0.1;  // of the person's height, above and below
    double padWidth = 0.05;  // of the width, left and right
    double splitRatio = 0.5; // a clip ends when a frame's box would be less of the clip's box
    int overlap = 4;         // frames that a clip repeats of the one before, for the cross-fade
    RoiRule rule = RoiRule::Covering;
    int shortestClip = 8;  // Covering: no clip is cut off before it has as many new frames
    int longestClip = 240; // Covering: and none grows longer, so that memory stays bounded
};

/// Consecutive frames that are generated together, in one box.
struct RoiClip {
    FrameRange frames;
    int overlap = 0; // how many frames at the start belong to earlier clips as well
    RectI box;       // in the frame; Release: may be empty, see cropBox()
    constexpr bool operator==(const RoiClip&) const = default;
};

/// The box of one frame around the person's bounds (mimo-spec 1.5): with margins, towards a square
/// whose side is a multiple of 16, cut at the frame's borders. Bounds of zeros give a box of zeros.
RectI frameRoi(const RectI& bounds, Size frame, const RoiConfig& config = {});

/// Cuts the clip where the person's box changes much. `rois` are the boxes of all frames.
/// NothingToDo when rule Covering finds no person at all.
Result<std::vector<RoiClip>> roiClips(std::span<const RectI> rois, const RoiConfig& config = {});

/// What is cut out for a clip: its box, or all but the last row and column when that is empty.
RectI cropBox(const RoiClip& clip, Size frame);

/// The one box of the published animation mode, which has no clips: around the persons of all
/// frames, of even size, not square.
RectI animationBox(std::span<const RectI> bounds, Size frame, const RoiConfig& config = {});

} // namespace strata
