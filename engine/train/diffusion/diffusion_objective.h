// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/mimo/mimo_networks.h"
#include "engine/train/diffusion/noise_process.h"

#include <vector>

namespace strata {

struct DiffusionTraining {
    PredictionTarget target = PredictionTarget::Velocity;
    NoiseScheduleConfig schedule;
    double minSnrGamma = 5;    // 0: all timesteps count the same
    double dropIdentity = 0.1; // share of clips that learn without an identity, for guidance
    double noiseOffset = 0.05; // noise that all frames and pixels of a channel share
    /// Only timesteps that sampling in so many steps goes through are learnt, which is sooner done;
    /// 0: all.
    int onlySteps = 0;
    /// How far latents are from those of their sketches, for denoisers that go out from these.
    double sketchSpread = 0.35;
};

/// Clips of one size and length to learn from. Latents are scaled (VaeConfig::scale). All on the
/// networks' device. What the networks' configuration does not name stays undefined.
struct TrainingClips {
    torch::Tensor latents;   // [B, C, F, h, w] of the frames
    torch::Tensor scene;     // the same, of the clean scene
    torch::Tensor occluder;  // the same, of what is in front, on black
    torch::Tensor sketch;    // the same, as the mesh synthesiser draws them
    torch::Tensor motion;    // [B, C, F, 8 h, 8 w] pictures of the motion code
    torch::Tensor reference; // [B, C, h', w'] of the identity's picture
    torch::Tensor token;     // [B, T, width] of the identity's picture

    std::int64_t count() const { return latents.size(0); }
};

/// The random part of one step, apart from it so that a step can be repeated exactly.
struct TrainingDraw {
    torch::Tensor noise;       // like the latents
    torch::Tensor timesteps;   // [B] on the CPU
    std::vector<bool> dropped; // [B] clips without an identity
};

/// What one training step minimises, for networks of any configuration: the published one, the
/// paper's variant, the small one. Gradients reach whatever requires them: the networks and, by the
/// pictures of the motion, the codes on the vertices.
class DiffusionObjective {
public:
    static Result<DiffusionObjective> create(const DiffusionTraining& training);

    /// Numbers come from a generator of the CPU, the same for every device.
    TrainingDraw draw(const TrainingClips& clips, at::Generator generator) const;

    /// Weighted squared error of each clip [B], float, of what the layers say (where a denoiser
    /// goes out from sketches) or of the whole answer; its mean is the loss. ShapeMismatch when the
    /// clips do not fit the networks, Internal with LibTorch's sentence when these fail.
    Result<torch::Tensor> losses(nn::MimoNetworks& networks, const TrainingClips& clips,
                                 const TrainingDraw& draw) const;

    const NoiseProcess& process() const { return m_process; }

private:
    DiffusionObjective(const DiffusionTraining& training, NoiseProcess process,
                       const std::vector<int>& timesteps)
        : m_training(training)
        , m_process(std::move(process))
        , m_timesteps(timesteps.begin(), timesteps.end()) {}
    torch::Tensor lossesOf(nn::MimoNetworks& networks, const TrainingClips& clips,
                           const TrainingDraw& draw) const;

    DiffusionTraining m_training;
    NoiseProcess m_process;
    std::vector<std::int64_t> m_timesteps; // the only ones; empty: all
};

/// The sentence about the first thing in `clips` that networks of `config` cannot take.
Status checkClips(const nn::MimoConfig& config, const TrainingClips& clips);

} // namespace strata
