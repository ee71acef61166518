// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/diffusion/noise_process.h"

namespace strata {

Result<NoiseProcess> NoiseProcess::create(const NoiseScheduleConfig& schedule,
                                          PredictionTarget target) {
    if (schedule.trainSteps < 2 || !(schedule.betaStart > 0) ||
        !(schedule.betaEnd > schedule.betaStart) || !(schedule.betaEnd < 1))
        return Error{ErrorCode::Usage, "The noise schedule of the training needs at least two "
                                       "steps and betas that rise between 0 and 1."};
    if (target == PredictionTarget::Noise && schedule.zeroTerminalSnr)
        return Error{ErrorCode::Usage,
                     "A network that predicts noise cannot be trained with a schedule that ends in "
                     "noise alone; let it predict velocities or switch zero terminal SNR off."};
    return NoiseProcess(schedule, target);
}

NoiseProcess::NoiseProcess(const NoiseScheduleConfig& schedule, PredictionTarget target)
    : m_signal(torch::tensor(DdimSchedule(schedule).signalVariances()))
    , m_target(target) {}

std::pair<torch::Tensor, torch::Tensor> NoiseProcess::factors(const torch::Tensor& timesteps,
                                                              const torch::Tensor& like) const {
    const auto signal = m_signal.index_select(0, timesteps.to(torch::kCPU, torch::kInt64));
    std::vector<std::int64_t> shape(std::size_t(like.dim()), 1);
    shape.front() = signal.size(0);
    const auto shaped = [&](const torch::Tensor& variance) {
        return variance.sqrt().view(shape).to(like.options());
    };
    return {shaped(signal), shaped(1 - signal)};
}

torch::Tensor NoiseProcess::noisy(const torch::Tensor& latents, const torch::Tensor& noise,
                                  const torch::Tensor& timesteps) const {
    const auto [signal, amount] = factors(timesteps, latents);
    return signal * latents + amount * noise;
}

torch::Tensor NoiseProcess::wanted(const torch::Tensor& latents, const torch::Tensor& noise,
                                   const torch::Tensor& timesteps) const {
    if (m_target == PredictionTarget::Noise)
        return noise;
    const auto [signal, amount] = factors(timesteps, latents);
    return signal * noise - amount * latents;
}

torch::Tensor NoiseProcess::sketchFactors(double spread) const {
    const auto signal = m_signal.to(torch::kFloat64);
    const auto amount = (1 - signal).sqrt();
    const double variance = spread * spread;
    const auto both = 1 - signal + signal * variance; // of the noisy latents around the sketch
    return torch::stack({spread / both.sqrt(), amount * signal.sqrt() * (1 - variance) / both,
                         -amount / both},
                        1)
        .to(torch::kFloat32);
}

torch::Tensor NoiseProcess::weights(const torch::Tensor& timesteps, double gamma) const {
    const auto numbers = timesteps.to(torch::kCPU, torch::kInt64);
    if (gamma <= 0)
        return torch::ones(numbers.sizes());
    const auto signal = m_signal.index_select(0, numbers).to(torch::kFloat64);
    const auto snr = signal / (1 - signal);
    const auto scale = m_target == PredictionTarget::Velocity ? snr + 1 : snr;
    return (scale.clamp_max(gamma) / scale).to(torch::kFloat32);
}

} // namespace strata
