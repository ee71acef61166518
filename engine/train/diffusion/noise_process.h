// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/synth/diffusion/ddim.h"

#include <torch/types.h>

namespace strata {

/// What the denoiser is taught to say. The sampling loop takes velocities.
enum class PredictionTarget { Velocity, Noise };

/// How latents are drowned in noise during training, by the schedule that sampling goes back along.
class NoiseProcess {
public:
    /// Usage where noise is to be predicted with a schedule that ends in nothing but noise: there
    /// the noise says nothing about the picture.
    static Result<NoiseProcess> create(const NoiseScheduleConfig& schedule,
                                       PredictionTarget target);

    int steps() const { return int(m_signal.size(0)); }
    PredictionTarget target() const { return m_target; }

    // latents and noise: [B, ...] of any type and device; timesteps: [B] integers.

    torch::Tensor noisy(const torch::Tensor& latents, const torch::Tensor& noise,
                        const torch::Tensor& timesteps) const;
    /// What the network should answer to noisy().
    torch::Tensor wanted(const torch::Tensor& latents, const torch::Tensor& noise,
                         const torch::Tensor& timesteps) const;
    /// Min-SNR weights [B], float on the CPU: timesteps whose picture is nearly clean count at most
    /// `gamma` times what predicting the noise gives them; 0 for equal weights (of 1).
    torch::Tensor weights(const torch::Tensor& timesteps, double gamma) const;

    /// How a sketch of the picture helps to say the velocity, float [T, 3]: where latents are taken
    /// to be the sketch's plus noise of deviation `spread`, the most likely velocity is
    /// b_t noisy + c_t sketch, and what is left of it has deviation a_t (as Karras and others 2022
    /// scale networks whose input is noise alone). Rows are a, b, c.
    torch::Tensor sketchFactors(double spread) const;

private:
    NoiseProcess(const NoiseScheduleConfig& schedule, PredictionTarget target);
    /// Factors of picture and noise, each shaped to multiply `like`.
    std::pair<torch::Tensor, torch::Tensor> factors(const torch::Tensor& timesteps,
                                                    const torch::Tensor& like) const;

    torch::Tensor m_signal; // [T] share of the signal's variance, float on the CPU
    PredictionTarget m_target;
};

} // namespace strata
