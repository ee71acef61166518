// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/camera.h"
#include "engine/train/render/scene.h"

namespace strata {

struct RenderOptions {
    int samplesPerSide = 2; // samples of a pixel: its square
    int shadowSize = 2048;
    float exposure = 1.f;
};

/// A picture with its exact layers, all [H, W]. Everything is a mean over the samples of a pixel.
struct RenderedFrame {
    ImageF color;    // [H, W, 3] after tone mapping, linear light 0..1; encode with toSrgb()
    ImageF human;    // [H, W, 1] part of the pixel that shows a person, 0..1
    ImageF occluder; // [H, W, 1]
    ImageF depth;    // [H, W, 1] camera z of the nearest sample, metres; +inf in the sky
};

/// Draws the scene: sun with soft shadows, sky light, highlights, filmic curve. The same on every
/// machine and number of threads.
RenderedFrame render(const Scene& scene, const Camera& camera, const RenderOptions& options);

/// 8-bit sRGB. `grain` is the standard deviation of the film grain in levels, different for each
/// `seed`.
ImageU8 toSrgb(const ImageF& linear, float grain = 0.f, std::int32_t seed = 0);
/// 0..1 to 0..255.
ImageU8 toMask(const ImageF& coverage);

} // namespace strata
