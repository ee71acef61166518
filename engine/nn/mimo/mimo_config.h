// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <vector>

namespace strata::nn {

/// A UNet of the Stable Diffusion 1.5 family. Levels run from fine to coarse; all but the last have
/// transformers.
struct UnetConfig {
    std::int64_t inChannels = 4;
    std::int64_t outChannels = 4; // 0: no head, the last feature is the result
    std::vector<std::int64_t> channels{320, 640, 1280, 1280};
    std::int64_t layersPerBlock = 2; // of the way down; one more on the way up
    std::int64_t heads = 8;
    std::int64_t contextWidth = 768; // of a token of the identity; 0: no cross-attention
    std::int64_t groups = 32;
    bool motion = false; // motion modules after every layer
    std::int64_t motionHeads = 8;
    std::int64_t motionFrames = 32; // most frames of one window
    /// The last outChannels of the input are latents of a sketch, and what the layers answer is
    /// added to what the sketch alone says; see DenoisingUnet.
    bool fromSketch = false;
    static constexpr std::int64_t sketchSteps = 1000; // timesteps, each with its three factors

    std::int64_t timeWidth() const { return 4 * channels.front(); }
    std::int64_t transformers() const {
        const auto levels = static_cast<std::int64_t>(channels.size());
        return (levels - 1) * (2 * layersPerBlock + 1) + 1;
    }
};

/// Turns pictures of the motion code into features that are added to the denoiser's first layer, an
/// eighth as large.
struct PoseGuiderConfig {
    std::int64_t inChannels = 3; // colours, or the channels of a learned code
    std::vector<std::int64_t> channels{16, 32, 96, 256};
    std::int64_t outChannels = 320;
};

struct VaeConfig {
    std::int64_t imageChannels = 3;
    std::int64_t latentChannels = 4;
    /// Squares of fold x fold pixels are the first layer's pixels, and the last one's: a level
    /// less.
    std::int64_t fold = 1;
    /// A linear coder of squares of reduction() pixels beside the layers, which learn what it
    /// leaves.
    bool shortcut = false;
    std::vector<std::int64_t> channels{128, 256, 512, 512};
    std::int64_t layersPerBlock = 2;
    std::int64_t groups = 32;
    double scale = 0.18215; // of latents, applied by the caller

    std::int64_t reduction() const { return fold << (channels.size() - 1); } // of the sides
};

struct ClipVisionConfig {
    std::int64_t width = 1024;
    std::int64_t layers = 24;
    std::int64_t heads = 16;
    std::int64_t hidden = 4096;
    std::int64_t patch = 14;
    std::int64_t image = 224;
    std::int64_t projection = 768;
};

/// Corrects sketches in full resolution after the decoder (refiner.h).
struct RefinerConfig {
    std::vector<std::int64_t> channels; // of its levels, the finest first; empty: there is none
    std::int64_t fold = 2;              // squares of so many pixels a side are a pixel of its own
    std::int64_t groups = 8;
};

/// All networks of the generator and which conditions exist.
struct MimoConfig {
    UnetConfig reference;
    UnetConfig denoiser;
    PoseGuiderConfig pose;
    VaeConfig vae;
    ClipVisionConfig clip;
    RefinerConfig refiner; // only of denoisers that go out from sketches
    bool scene = true;     // latents of the scene next to the noise
    bool occluder = false; // latents of what is in front, after those of the scene
    /// Latents of the frame as the mesh synthesiser draws it from the identity, after those of the
    /// occluder: a sketch that the networks correct and complete.
    bool sketch = false;
    /// Tokens of the identity that are given from outside (DINOv2's, say) in the place of CLIP's
    /// one; 0: CLIP's.
    std::int64_t tokens = 0;

    bool usesClip() const { return tokens == 0; }
    bool refines() const { return !refiner.channels.empty(); }

    /// The published release: 8 input channels, colours as motion code.
    static MimoConfig official();
    /// The paper's variant: scene and occluder latents (12 input channels) and a learned code of
    /// `codeChannels` channels on each vertex.
    static MimoConfig paper(std::int64_t codeChannels = 16);
    /// The same as the paper's, small enough to train on one machine.
    static MimoConfig small(std::int64_t codeChannels = 16);
};

/// One sentence about the first thing in the configuration that cannot be built.
Status check(const MimoConfig& config);

} // namespace strata::nn
