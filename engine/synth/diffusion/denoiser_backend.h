// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/synth/diffusion/frame_stack.h"

#include <span>
#include <stop_token>
#include <vector>

namespace strata {

/// Who is to be seen: the reference picture for the VAE and for the CLIP tower, one frame each, or
/// in the place of the latter's token those that something else made of the picture.
struct ReferenceInput {
    FrameStack picture;     // [1, 3, H, W], -1..1
    FrameStack clip;        // [1, 3, 224, 224], normalised
    FrameStack tokens = {}; // [1, 1, T, width] for networks that take such
};

/// What some frames are made from, all stacks with as many frames.
struct ConditionInput {
    FrameStack pose;        // [n, C, H, W]: the motion code; colours are 0..1
    FrameStack scene;       // [n, 3, H, W], -1..1
    FrameStack occluder;    // the same for networks that take one, empty otherwise
    FrameStack sketch = {}; // the frames drawn without networks, for networks that take them
};

/// One window of frames for which the networks shall predict v.
struct PredictionRequest {
    std::vector<int> frames; // of the clip; their order is the order in time that the network sees
    int timestep = 0;
    FrameStack latents; // of these frames
    bool withIdentity = true;
    bool withoutIdentity = false; // the half for guidance: zero token, no reference attention
};

/// v for the frames of a request, of the latents' shape; empty what was not asked for.
struct Prediction {
    FrameStack withIdentity;
    FrameStack withoutIdentity;
};

/// The networks of the generator as the sampling loop needs them. The backend decides about device,
/// precision and which networks are resident; the loop only sees floats in host memory. Conditions
/// are given once per clip and stay with the backend. Calls come from one thread; each looks at its
/// stop token between the parts of a network and returns Cancelled when it asks to stop.
class DenoiserBackend {
public:
    virtual ~DenoiserBackend() = default;

    /// Shape of the latents of a picture, whose sides are multiples of 8.
    virtual FrameShape latentShape(Size picture) const = 0;
    /// Windows longer than this are refused.
    virtual int longestWindow() const = 0;
    /// How many windows one call of predict() should get, and pictures one of the others.
    virtual int windowsPerCall() const { return 1; }
    virtual int picturesPerCall() const { return 1; }

    virtual Status setReference(const ReferenceInput& reference, std::stop_token stop) = 0;

    /// Forgets the conditions of the clip before. Latents will have the shape of latentShape().
    virtual Status beginClip(int frames, Size picture) = 0;
    /// The conditions of frames `first` and following of the clip.
    virtual Status setConditions(int first, const ConditionInput& input, std::stop_token stop) = 0;

    virtual Result<std::vector<Prediction>> predict(std::span<const PredictionRequest> requests,
                                                    std::stop_token stop) = 0;

    /// Pictures of -1..1 to scaled latents (the mean) and back to pictures of 0..1.
    virtual Result<FrameStack> encode(const FrameStack& pictures, std::stop_token stop) = 0;
    virtual Result<FrameStack> decode(const FrameStack& latents, std::stop_token stop) = 0;
    /// Whether refine() does anything, and is worth being given pictures.
    virtual bool refines() const { return false; }
    /// What is to be added to sketches, as the decoder has it (answer less sketch, in 0..1), once
    /// more in full resolution. Sketches and scenes are -1..1. As it is where nothing refines.
    virtual Result<FrameStack> refine(FrameStack change, const FrameStack& sketch,
                                      const FrameStack& scene, std::stop_token stop) {
        (void)sketch, (void)scene, (void)stop;
        return change;
    }
    /// A quick and rough decode() for previews; its pictures may be smaller.
    virtual Result<FrameStack> decodeDraft(const FrameStack& latents, std::stop_token stop) {
        return decode(latents, stop);
    }
};

} // namespace strata
