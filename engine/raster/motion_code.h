// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/rasterizer.h"

namespace strata {

/// The motion code of the paper: the posed body drawn with one fixed colour per vertex, unlit, on
/// black, edges blended with the black by 2x2 samples a pixel, back faces culled, near plane 5 cm.
/// vertices [V, 3] in the camera frame, codes [V, C] (RGB 0..1, or learnt codes) -> [H, W, C].
ImageF renderMotionCode(std::span<const float> vertices, std::span<const std::uint32_t> faces,
                        std::span<const float> codes, int channels, const RasterCamera& camera,
                        int samplesPerSide = 2);

/// As above for [V, 3] codes in 0..1: an 8-bit RGB picture, the values written as they are (no
/// gamma).
ImageU8 renderMotionCodeRgb(std::span<const float> vertices, std::span<const std::uint32_t> faces,
                            std::span<const float> codes, const RasterCamera& camera);

/// The code used when the official colours are absent: the vertex's place in the box around the
/// rest pose (T-pose, restVertices [V, 3]), each axis stretched to 0.15..0.95: red from the body's
/// right to its left, green from the feet up, blue from back to front. Smooth over the surface,
/// different at every vertex, never near black.
/// -> [V, 3].
std::vector<float> defaultMotionCode(std::span<const float> restVertices);

} // namespace strata
