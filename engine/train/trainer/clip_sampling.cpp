// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/clip_sampling.h"

#include "engine/synth/diffusion/ddim.h"

#include <cmath>

namespace strata {
namespace {

constexpr std::int64_t kEncodedTogether = 32, kDecodedTogether = 4;

/// Predictions for one clip, with and without its identity where guidance asks for both.
class Guided {
public:
    Guided(nn::MimoNetworks& networks, const TrainingClips& given, double guidance)
        : m_networks(networks)
        , m_guidance(guidance)
        , m_pose(networks.pose->forward(given.motion)) {
        const auto& config = networks.config;
        const bool both = guidance != 1;
        auto bank = networks.reference->forward(
            given.reference, config.reference.contextWidth > 0 ? given.token : torch::Tensor());
        auto token = config.denoiser.contextWidth > 0 ? given.token : torch::Tensor();
        if (token.defined() && both)
            token = torch::cat({torch::zeros_like(token), token});
        m_conditions = networks.denoiser->prepare(&bank, token, both ? 2 : 1, both ? 1 : 0);
        for (const auto& around : {given.scene, given.occluder, given.sketch})
            if (around.defined())
                m_around.push_back(around);
    }

    torch::Tensor operator()(const torch::Tensor& x, int timestep) { // [1, C, F, h, w]
        std::vector<torch::Tensor> sample{x};
        sample.insert(sample.end(), m_around.begin(), m_around.end());
        const auto time = torch::full({1}, timestep, torch::kInt64).to(x.device());
        const auto answer =
            m_networks.denoiser->forward(torch::cat(sample, 1), time, m_pose, m_conditions)
                .to(torch::kCPU, torch::kFloat32);
        if (m_guidance == 1)
            return answer;
        const auto without = answer.narrow(0, 0, 1), with = answer.narrow(0, 1, 1);
        return without + m_guidance * (with - without);
    }

private:
    nn::MimoNetworks& m_networks;
    double m_guidance;
    torch::Tensor m_pose;
    nn::Conditions m_conditions;
    std::vector<torch::Tensor> m_around;
};

torch::Tensor velocity(const torch::Tensor& noise, const torch::Tensor& x, double signal) {
    const auto clean = (x - std::sqrt(1 - signal) * noise) / std::sqrt(signal);
    return std::sqrt(signal) * noise - std::sqrt(1 - signal) * clean;
}

} // namespace

Result<torch::Tensor> sampledLatents(nn::MimoNetworks& networks, const TrainingClips& given,
                                     const DiffusionTraining& training,
                                     const SampleSettings& settings) {
    const torch::NoGradGuard noGrad;
    const auto place = networks.denoiser->parameters().front().options().requires_grad(false);
    const DdimSchedule schedule(training.schedule);
    STRATA_ASSIGN(const std::vector<int> timesteps, schedule.timesteps(settings.steps));
    Guided predict(networks, given, settings.guidance);
    auto x = torch::randn(given.latents.sizes(), at::detail::createCPUGenerator(settings.seed),
                          torch::TensorOptions(torch::kFloat32));
    for (const int timestep : timesteps) {
        auto v = predict(x.to(place), timestep);
        if (training.target == PredictionTarget::Noise)
            v = velocity(v, x, schedule.signalVariance(timestep));
        v = v.contiguous();
        const auto count = std::size_t(x.numel());
        schedule.step(timestep, settings.steps, {v.data_ptr<float>(), count},
                      {x.data_ptr<float>(), count});
    }
    return x;
}

torch::Tensor encodedFrames(nn::MimoNetworks& networks, const torch::Tensor& pictures) {
    const torch::NoGradGuard noGrad;
    std::vector<torch::Tensor> parts;
    for (const auto& part : pictures.split(kEncodedTogether))
        parts.push_back(networks.vae->encode(part));
    return torch::cat(parts) * networks.config.vae.scale;
}

torch::Tensor decodedFrames(nn::MimoNetworks& networks, const torch::Tensor& latents) {
    const torch::NoGradGuard noGrad;
    const auto place = networks.vae->parameters().front().options().requires_grad(false);
    std::vector<torch::Tensor> out;
    for (const auto& some : latents[0].permute({1, 0, 2, 3}).split(kDecodedTogether))
        out.push_back(networks.vae->decode(some.to(place) / networks.config.vae.scale)
                          .to(torch::kCPU, torch::kFloat32)
                          .clamp(-1, 1));
    return torch::cat(out);
}

torch::Tensor changeOf(nn::MimoNetworks& networks, const torch::Tensor& latents,
                       const torch::Tensor& sketches) {
    return decodedFrames(networks, latents) - decodedFrames(networks, sketches);
}

} // namespace strata
