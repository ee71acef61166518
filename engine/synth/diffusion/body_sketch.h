// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/rasterizer.h"

namespace strata {

/// A picture of the person in some pose, and where the body's vertices stand in it.
struct PaintedBody {
    ImageU8 picture;           // RGB
    std::vector<float> places; // [V, 2] x and y in pixels; the middle of the first pixel is 0.5
};

/// The posed body painted with that picture: a pixel takes the colour that the picture has where
/// the same point of the body stands, whichever side of it is seen there: the back looks like the
/// front. Nothing but the body is drawn, without light, on black. vertices [V, 3] in the camera's
/// frame, faces [F, 3]; places of all vertices.
ImageU8 bodySketch(std::span<const float> vertices, std::span<const std::uint32_t> faces,
                   const PaintedBody& paint, const RasterCamera& camera);

} // namespace strata
