// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/train/trainer/clip_sampling.h"
#include "engine/train/trainer/training_step.h"

#include <span>

namespace strata {

/// What the networks make of the scene, occluder, motion and identity of a clip, or of its frames
/// at stage Autoencoder -> u8 [F, H, W, 3]. Networks that go out from sketches correct these: what
/// the picture coder loses of both is kept, and the refiner has the last word.
Result<torch::Tensor> sampledFrames(TrainingNetworks& networks, const TrainingStep& step,
                                    const TrainingConfig& config, const TrainingClip& clip,
                                    const SampleSettings& settings = {});

/// Pictures u8 [N, H, W, 3] as they come back from their latents, or as corrections of sketches
/// like them do; with the scenes, refined.
Result<torch::Tensor> codedAndDecoded(TrainingNetworks& networks, const torch::Tensor& pictures,
                                      const torch::Tensor& sketches = {},
                                      const torch::Tensor& scenes = {});

/// A picture to look at: of each clip the identity and a few frames, and below them what the
/// networks made. RGB.
Result<ImageU8> sampleSheet(TrainingNetworks& networks, const TrainingStep& step,
                            const TrainingConfig& config, std::span<const TrainingClip> clips,
                            const SampleSettings& settings = {});

} // namespace strata
