// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/core/image.h"
#include "engine/raster/rasterizer.h"

#include <vector>

namespace strata::test {

/// A person who walks through a scene behind a passing post, with exact layers. RGB.
struct RenderedClip {
    std::vector<ImageU8> frames;
    std::vector<ImageU8> scenes;    // without person and post
    std::vector<ImageU8> occluders; // the post on black
    ImageU8 identity;               // the person in the A-pose on white
    std::vector<float> vertices;    // [N, V, 3] of the body in the camera's frame
    RasterCamera camera;
};

/// `frames` frames of side x side pixels.
RenderedClip renderClip(const BodyModel& body, int frames, int side);

} // namespace strata::test
