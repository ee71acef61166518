// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/synth/compositor.h"
#include "engine/synth/diffusion/roi_clips.h"
#include "engine/synth/human_layer.h"

#include <span>

namespace strata {

/// What one clip has generated for a frame.
struct GeneratedPiece {
    const ImageF* picture = nullptr; // the network's square, RGB, encoded 0..1
    RectI box;                       // what it shows of the frame, padding not counted
    float weight = 1.f;              // in the cross-fade; the weights of a frame's pieces add to 1
    const ImageF* matte = nullptr;   // [h, w] of the square, 0..1: the person alone; may be null
};

/// Share of a clip's frame `index` against the clip before: rises in equal steps over the frames
/// they have in common, 1 after.
float crossFadeShare(const RoiClip& clip, std::int64_t index);

struct PieceLayerOptions {
    Transfer transfer = Transfer::Srgb;
    float feather = 0.04f; // of the box's shorter side: soft borders inside of the frame
};

/// Adds a piece that is a correction (of any sign; the matte is not looked at) to those of the
/// whole frame, resized, without the padding and faded out at the box's borders. ShapeMismatch as
/// below.
Status addCorrection(const GeneratedPiece& piece, const PieceLayerOptions& options, ImageF& frame);

/// A frame's pieces as one layer for composite(), in linear light: resized without rounding and
/// without the padding, faded into the scene at the boxes' borders and over each other. Depth is 1
/// where something is drawn; pieces know none. ShapeMismatch when a picture is not square or a box
/// is not in the frame.
Result<HumanLayer> pieceLayer(std::span<const GeneratedPiece> pieces, Size frame,
                              const PieceLayerOptions& options = {});

} // namespace strata
