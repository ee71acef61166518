// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/sample_sheet.h"

#include "engine/nn/guard.h"
#include "engine/synth/diffusion/ddim.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::int64_t kShownFrames = 5; // of a clip, at most

torch::Tensor bytesOf(const torch::Tensor& pictures) { // [N, 3, H, W] in -1..1 -> [N, H, W, 3]
    return ((pictures.to(torch::kCPU, torch::kFloat32) * 0.5 + 0.5) * 255)
        .round()
        .clamp(0, 255)
        .to(torch::kUInt8)
        .permute({0, 2, 3, 1})
        .contiguous();
}

torch::Tensor decoded(nn::MimoNetworks& n, const torch::Tensor& latents) { // [F, C, h, w]
    std::vector<torch::Tensor> out;
    for (const auto& one : latents.split(4))
        out.push_back(bytesOf(n.vae->decode(one / n.config.vae.scale)));
    return torch::cat(out);
}

/// [1, C, F, h, w] -> u8 [F, H, W, 3]
torch::Tensor decodedClip(TrainingNetworks& networks, const torch::Tensor& latents) {
    return decoded(*networks.networks, latents[0].permute({1, 0, 2, 3}).to(networks.options()));
}

/// u8 [N, H, W, 3] -> what comes back from their latents, the same
torch::Tensor roundOf(TrainingNetworks& networks, const torch::Tensor& pictures) {
    auto& n = *networks.networks;
    const auto values = pictures.permute({0, 3, 1, 2}).to(torch::kFloat32) / 127.5 - 1;
    return decoded(n,
                   n.vae->encode(values.contiguous().to(networks.options())) * n.config.vae.scale);
}

/// Sketches with what is different between pictures and sketches after the coder; u8 all.
torch::Tensor corrected(const torch::Tensor& sketches, const torch::Tensor& pictures,
                        const torch::Tensor& backSketches) {
    const auto change = pictures.to(torch::kInt16) - backSketches.to(torch::kInt16);
    return (sketches.to(torch::kInt16) + change).clamp(0, 255).to(torch::kUInt8);
}

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

Result<torch::Tensor> sampled(TrainingNetworks& networks, const TrainingClips& given,
                              const DiffusionTraining& training, const SampleSettings& settings) {
    const DdimSchedule schedule(training.schedule);
    STRATA_ASSIGN(const std::vector<int> timesteps, schedule.timesteps(settings.steps));
    Guided predict(*networks.networks, given, settings.guidance);
    auto x = torch::randn(given.latents.sizes(), at::detail::createCPUGenerator(settings.seed),
                          torch::TensorOptions(torch::kFloat32));
    for (const int timestep : timesteps) {
        auto v = predict(x.to(networks.options()), timestep);
        if (training.target == PredictionTarget::Noise)
            v = velocity(v, x, schedule.signalVariance(timestep));
        v = v.contiguous();
        const auto count = std::size_t(x.numel());
        schedule.step(timestep, settings.steps, {v.data_ptr<float>(), count},
                      {x.data_ptr<float>(), count});
    }
    return decodedClip(networks, x);
}

torch::Tensor row(const torch::Tensor& first, const torch::Tensor& frames) {
    std::vector<torch::Tensor> cells;
    const auto height = frames.size(1), width = frames.size(2);
    auto cell = torch::full({height, width, 3}, 255, torch::kUInt8);
    if (first.defined()) { // a picture of another size is cut or stands on white
        const auto h = std::min(height, first.size(0)), w = std::min(width, first.size(1));
        cell.narrow(0, 0, h).narrow(1, 0, w).copy_(first.narrow(0, 0, h).narrow(1, 0, w));
    }
    cells.push_back(cell);
    const auto count = std::min(frames.size(0), kShownFrames);
    for (std::int64_t i = 0; i < count; ++i)
        cells.push_back(frames[count > 1 ? i * (frames.size(0) - 1) / (count - 1) : 0]);
    return torch::cat(cells, 1);
}

} // namespace

Result<torch::Tensor> sampledFrames(TrainingNetworks& networks, const TrainingStep& step,
                                    const TrainingConfig& config, const TrainingClip& clip,
                                    const SampleSettings& settings) {
    STRATA_TRY(check(clip, "A clip"));
    if (config.stage == TrainingStage::Autoencoder)
        return codedAndDecoded(networks, clip.frames);
    return nn::guarded("Drawing a sample", [&]() -> Result<torch::Tensor> {
        const torch::NoGradGuard noGrad;
        const auto given = step.inputs(networks, {&clip, 1});
        STRATA_ASSIGN(const auto drawn, sampled(networks, given, config.diffusion, settings));
        return networks.config().denoiser.fromSketch
                   ? corrected(clip.sketch, drawn, decodedClip(networks, given.sketch))
                   : drawn;
    });
}

Result<torch::Tensor> codedAndDecoded(TrainingNetworks& networks, const torch::Tensor& pictures,
                                      const torch::Tensor& sketches) {
    return nn::guarded("Coding pictures", [&]() -> Result<torch::Tensor> {
        const torch::NoGradGuard noGrad;
        const auto back = roundOf(networks, pictures);
        return sketches.defined() ? corrected(sketches, back, roundOf(networks, sketches)) : back;
    });
}

Result<ImageU8> sampleSheet(TrainingNetworks& networks, const TrainingStep& step,
                            const TrainingConfig& config, std::span<const TrainingClip> clips,
                            const SampleSettings& settings) {
    std::vector<torch::Tensor> rows;
    for (const auto& clip : clips) {
        STRATA_ASSIGN(const auto made, sampledFrames(networks, step, config, clip, settings));
        rows.push_back(row(clip.identity, clip.frames));
        rows.push_back(row({}, made));
    }
    return nn::guarded("Drawing a sheet of samples", [&]() -> Result<ImageU8> {
        const auto sheet = torch::cat(rows, 0).contiguous();
        ImageU8 out(int(sheet.size(1)), int(sheet.size(0)), 3);
        std::copy_n(sheet.data_ptr<std::uint8_t>(), out.count(), out.data());
        return out;
    });
}

} // namespace strata
