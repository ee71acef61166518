// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/diffusion/diffusion_objective.h"

#include "engine/nn/guard.h"

#include <algorithm>
#include <numeric>

namespace strata {
namespace {

Error misfit(const std::string& what) {
    return {ErrorCode::ShapeMismatch, "The training clips do not fit the networks: " + what + "."};
}

/// Those of the rows, or undefined.
torch::Tensor rowsOf(const torch::Tensor& x, const torch::Tensor& rows) {
    return x.defined() ? x.index_select(0, rows.to(x.device())) : x;
}

/// The clips without an identity come first, as the networks want it.
torch::Tensor orderOf(const std::vector<bool>& dropped) {
    std::vector<std::int64_t> order(dropped.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_partition(order, [&](std::int64_t i) { return dropped[std::size_t(i)]; });
    return torch::tensor(order, torch::kInt64);
}

/// What the networks are told about who is to be seen; clips are in the order of orderOf().
nn::Conditions identityOf(nn::MimoNetworks& networks, const TrainingClips& clips,
                          std::int64_t dropped) {
    const auto& config = networks.config;
    const auto count = clips.count(), kept = count - dropped;
    nn::ReferenceBank bank;
    if (kept > 0) {
        const auto picture = clips.reference.narrow(0, dropped, kept);
        const bool reads = config.reference.contextWidth > 0;
        bank = networks.reference->forward(picture, reads ? clips.token.narrow(0, dropped, kept)
                                                          : torch::Tensor());
    }
    auto token = config.denoiser.contextWidth > 0 ? clips.token : torch::Tensor();
    if (token.defined() && dropped > 0) // as sampling without the identity has it
        token = torch::cat(
            {torch::zeros_like(token.narrow(0, 0, dropped)), token.narrow(0, dropped, kept)});
    return networks.denoiser->prepare(kept > 0 ? &bank : nullptr, token, count, dropped);
}

} // namespace

Status checkClips(const nn::MimoConfig& config, const TrainingClips& clips) {
    const auto& frames = clips.latents;
    if (!frames.defined() || frames.dim() != 5 || frames.numel() == 0 ||
        frames.size(1) != config.vae.latentChannels)
        return misfit("latents must be [clips, " + std::to_string(config.vae.latentChannels) +
                      ", frames, height, width]");
    const auto like = [&](const torch::Tensor& x) {
        return x.defined() && x.sizes() == frames.sizes();
    };
    if (config.scene && !like(clips.scene))
        return misfit("the scene must be shaped as the frames");
    if (config.occluder && !like(clips.occluder))
        return misfit("the occluder must be shaped as the frames");
    if (config.sketch && !like(clips.sketch))
        return misfit("the sketch must be shaped as the frames");
    const std::vector<std::int64_t> motion{clips.count(), config.pose.inChannels, frames.size(2),
                                           8 * frames.size(3), 8 * frames.size(4)};
    if (!clips.motion.defined() || clips.motion.sizes() != motion)
        return misfit(
            "pictures of the motion must be eight times as large as the latents and have " +
            std::to_string(config.pose.inChannels) + " channels");
    if (!clips.reference.defined() || clips.reference.dim() != 4 ||
        clips.reference.size(0) != clips.count() ||
        clips.reference.size(1) != config.vae.latentChannels)
        return misfit("each clip needs the latents of one picture of the identity");
    const auto width = std::max(config.reference.contextWidth, config.denoiser.contextWidth);
    if (width > 0 && (!clips.token.defined() || clips.token.dim() != 3 ||
                      clips.token.size(0) != clips.count() || clips.token.size(2) != width ||
                      (config.tokens > 0 && clips.token.size(1) != config.tokens)))
        return misfit("each clip needs tokens of the identity, " + std::to_string(width) +
                      " numbers wide");
    if (config.denoiser.motion && frames.size(2) > config.denoiser.motionFrames)
        return misfit("clips of more than " + std::to_string(config.denoiser.motionFrames) +
                      " frames");
    return ok();
}

Result<DiffusionObjective> DiffusionObjective::create(const DiffusionTraining& training) {
    if (training.dropIdentity < 0 || training.dropIdentity > 1 || training.noiseOffset < 0 ||
        training.minSnrGamma < 0 || training.onlySteps < 0 || !(training.sketchSpread > 0))
        return Error{ErrorCode::Usage, "A setting of the diffusion training is out of range."};
    STRATA_ASSIGN(NoiseProcess process, NoiseProcess::create(training.schedule, training.target));
    std::vector<int> timesteps;
    if (training.onlySteps > 0) {
        STRATA_ASSIGN(timesteps, DdimSchedule(training.schedule).timesteps(training.onlySteps));
    }
    return DiffusionObjective(training, std::move(process), timesteps);
}

TrainingDraw DiffusionObjective::draw(const TrainingClips& clips, at::Generator generator) const {
    const auto& latents = clips.latents;
    const auto options = torch::TensorOptions(torch::kFloat32);
    TrainingDraw out;
    out.timesteps = torch::randint(0, m_process.steps(), {clips.count()}, generator,
                                   torch::TensorOptions(torch::kInt64));
    if (!m_timesteps.empty())
        out.timesteps =
            torch::tensor(m_timesteps)
                .index_select(0, out.timesteps.remainder(std::int64_t(m_timesteps.size())));
    const auto chances = torch::rand({clips.count()}, generator, options);
    for (std::int64_t i = 0; i < clips.count(); ++i)
        out.dropped.push_back(chances[i].item<double>() < m_training.dropIdentity);
    out.noise = torch::randn(latents.sizes(), generator, options);
    if (m_training.noiseOffset > 0)
        out.noise = out.noise +
                    m_training.noiseOffset *
                        torch::randn({clips.count(), latents.size(1), 1, 1, 1}, generator, options);
    out.noise = out.noise.to(latents.options());
    return out;
}

torch::Tensor DiffusionObjective::lossesOf(nn::MimoNetworks& networks, const TrainingClips& given,
                                           const TrainingDraw& draw) const {
    const auto order = orderOf(draw.dropped);
    const auto dropped = std::ranges::count(draw.dropped, true);
    const auto moved = [&](const torch::Tensor& x) { return rowsOf(x, order); };
    const TrainingClips clips{moved(given.latents), moved(given.scene),  moved(given.occluder),
                              moved(given.sketch),  moved(given.motion), moved(given.reference),
                              moved(given.token)};
    const auto noise = moved(draw.noise), timesteps = moved(draw.timesteps);

    std::vector<torch::Tensor> sample{m_process.noisy(clips.latents, noise, timesteps)};
    if (networks.config.scene)
        sample.push_back(clips.scene);
    if (networks.config.occluder)
        sample.push_back(clips.occluder);
    if (networks.config.sketch)
        sample.push_back(clips.sketch);
    const auto conditions = identityOf(networks, clips, dropped);
    const auto answer = networks.denoiser->forward(
        torch::cat(sample, 1), timesteps, networks.pose->forward(clips.motion), conditions);
    const auto wanted = m_process.wanted(clips.latents, noise, timesteps);
    auto errors =
        (answer.to(torch::kFloat32) - wanted.to(torch::kFloat32)).square().flatten(1).mean(1);
    if (const auto& factors = networks.denoiser->sketch_factors; factors.defined())
        errors = errors / factors.select(1, 0)
                              .index_select(0, timesteps.to(factors.device(), torch::kInt64))
                              .to(torch::kFloat32)
                              .square();
    const auto weighted =
        errors * m_process.weights(timesteps, m_training.minSnrGamma).to(errors.device());
    return weighted.index_select(0, order.argsort().to(weighted.device()));
}

Result<torch::Tensor> DiffusionObjective::losses(nn::MimoNetworks& networks,
                                                 const TrainingClips& clips,
                                                 const TrainingDraw& draw) const {
    STRATA_TRY(checkClips(networks.config, clips));
    if (draw.noise.sizes() != clips.latents.sizes() || draw.timesteps.numel() != clips.count() ||
        std::ssize(draw.dropped) != clips.count())
        return misfit("the random numbers are for other clips");
    return nn::guarded("The training step",
                       [&]() -> Result<torch::Tensor> { return lossesOf(networks, clips, draw); });
}

} // namespace strata
