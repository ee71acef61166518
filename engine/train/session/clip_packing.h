// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/camera.h"
#include "engine/train/data/rendered_clip.h"
#include "engine/train/data/training_assets.h"

#include <filesystem>
#include <vector>

namespace strata {

/// Writes a drawn clip as one file that `strata train run --clips` learns from (see
/// engine/train/trainer), complete or not at all. The clip's pictures must have sides that are
/// multiples of 8.
Status packRenderedClip(const RenderedClip& clip, const BodyModel& body,
                        const std::filesystem::path& file);

/// A few frames of a person in a square, from a clip that was taken apart. Pictures are
/// [side, side, 3], sRGB, with sides that are multiples of 8.
struct ClipPiece {
    std::vector<ImageU8> frames;
    std::vector<ImageU8> scene;    // the frames without the person
    std::vector<ImageU8> occluder; // what is in front, on black
    std::vector<ImageU8> sketch;   // the person drawn by the mesh synthesiser from the identity
    std::vector<ImageU8> alpha;    // [side, side, 1] the person as far as it is seen
    std::vector<std::vector<glm::vec3>> vertices; // of the body in the cameras' frames, metres
    std::vector<Camera> cameras;                  // of the squares
    ImageU8 identity;                             // in the A-pose, on white
    ImageU8 posed;                                // cut out of a frame, on white
};

/// Writes a piece as packRenderedClip() writes a drawn clip. BadFormat when members are missing or
/// of other sizes.
Status packClipPiece(const ClipPiece& piece, const std::filesystem::path& file);

} // namespace strata
