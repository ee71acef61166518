// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/training_step.h"

#include "engine/nn/guard.h"
#include "engine/synth/diffusion/network_inputs.h"
#include "engine/train/trainer/clip_sampling.h"
#include "engine/train/trainer/motion_conditions.h"
#include "engine/train/trainer/picture_tensors.h"

#include <algorithm>
#include <stdexcept>

namespace strata {
namespace {

constexpr std::size_t kMostRemembered = 768UL << 20; // bytes, of latents and of tokens
constexpr std::size_t kMostChanges = 2UL << 30;      // bytes, of what is refined

/// [F, C, h, w] -> [1, C, F, h, w]
torch::Tensor oneClip(const torch::Tensor& frames) {
    return frames.permute({1, 0, 2, 3}).unsqueeze(0);
}

torch::Tensor clipTokens(nn::MimoNetworks& networks, const torch::Tensor& identity,
                         const torch::TensorOptions& options) {
    const auto picture = clipPicture(imageOf(identity));
    const auto shape = picture.shape();
    auto values =
        torch::tensor(picture.values()).view({1, shape.channels, shape.height, shape.width});
    const auto side = networks.config.clip.image;
    if (side != shape.height)
        values = torch::adaptive_avg_pool2d(values, {side, side});
    return networks.clip->forward(values.to(options)).embedding;
}

} // namespace

Result<TrainingStep> TrainingStep::create(const TrainingConfig& config, TrainingBody body,
                                          IdentityTokens tokens, PictureFeatures features) {
    STRATA_TRY(strata::check(config));
    STRATA_ASSIGN(DiffusionObjective objective, DiffusionObjective::create(config.diffusion));
    return TrainingStep(config, std::move(objective), std::move(body), std::move(tokens),
                        std::move(features));
}

void TrainingStep::remember() {
    m_latents = std::make_shared<FrozenResults>(kMostRemembered);
    m_identities = std::make_shared<FrozenResults>(kMostRemembered);
    if (m_config.stage == TrainingStage::Refiner)
        m_changes = std::make_shared<FrozenResults>(kMostChanges);
}

/// u8 [N, H, W, 3] -> latents [N, C, h, w], scaled
torch::Tensor TrainingStep::latentsOf(TrainingNetworks& networks,
                                      const torch::Tensor& pictures) const {
    const torch::NoGradGuard noGrad;
    auto& n = *networks.networks;
    const auto code = [&](const torch::Tensor& bytes) {
        return encodedFrames(n, planesOf(bytes, networks.options()));
    };
    if (!m_latents)
        return code(pictures);
    std::vector<torch::Tensor> parts;
    for (const auto& picture : pictures.split(1))
        parts.push_back(m_latents->of(picture, code));
    return torch::cat(parts);
}

/// u8 [h, w, 3] -> [T, width]
torch::Tensor TrainingStep::tokensOf(TrainingNetworks& networks,
                                     const torch::Tensor& identity) const {
    const torch::NoGradGuard noGrad;
    const auto options = networks.options();
    const auto read = [&](const torch::Tensor& picture) {
        return m_tokens ? m_tokens(picture).to(options)
                        : clipTokens(*networks.networks, picture, options);
    };
    return m_identities ? m_identities->of(identity, read) : read(identity);
}

Status TrainingStep::check(std::span<const TrainingClip> clips) const {
    const auto wrong = [](const std::string& what) {
        return Error{ErrorCode::ShapeMismatch, "The training clips cannot be used: " + what + "."};
    };
    if (clips.empty())
        return wrong("there are none");
    const auto& networks = m_config.networks;
    for (const auto& clip : clips) {
        STRATA_TRY(strata::check(clip, "A clip"));
        if (clip.frames.sizes() != clips.front().frames.sizes())
            return wrong("they differ in size or length");
        if (m_config.stage == TrainingStage::Autoencoder)
            continue;
        const auto& identity = identityOf(clip);
        if (!identity.defined() || identity.sizes() != identityOf(clips.front()).sizes())
            return wrong("each needs the picture that tells of the person, all of one size");
        if (!networks.usesClip() && !m_tokens)
            return wrong("tokens of the identity come from outside, and nothing gives them");
        if ((networks.scene && !clip.scene.defined()) ||
            (networks.occluder && !clip.occluder.defined()))
            return wrong("the networks are shown scene or occluder, which are missing");
        if (networks.sketch && !clip.sketch.defined())
            return wrong("the networks are shown sketches of the person, which are missing");
        const bool given = m_config.motion == MotionCondition::Given;
        if (!given && (!clip.vertices.defined() || clip.vertices.size(1) != m_body.vertices()))
            return wrong("drawing the motion needs the vertices of the same body");
        if (given && (!clip.motion.defined() || clip.motion.size(3) != networks.pose.inChannels))
            return wrong("pictures of the motion are missing or have other channels");
    }
    return ok();
}

torch::Tensor TrainingStep::motionOf(TrainingNetworks& networks, const TrainingClip& clip) const {
    const int width = int(clip.frames.size(2)), height = int(clip.frames.size(1));
    switch (m_config.motion) {
    case MotionCondition::Given:
        return oneClip(planesOf(clip.motion, networks.options(), false));
    case MotionCondition::Skeleton:
        return oneClip(skeletonPictures(clip.vertices, clip.cameras, m_body, width, height)
                           .to(networks.options()));
    case MotionCondition::Maps:
        return oneClip(
            mapPictures(clip.vertices, clip.cameras, m_body, width, height).to(networks.options()));
    case MotionCondition::Learnt:
        break;
    }
    return oneClip(networks.code->forward(std::make_shared<const nn::BodyRasters>(
        clip.vertices, m_body.faces, rasterCameras(clip.cameras, width, height))));
}

const torch::Tensor& TrainingStep::identityOf(const TrainingClip& clip) const {
    switch (m_config.identity) {
    case IdentityCondition::Posed:
        return clip.posed;
    case IdentityCondition::Opening:
        return clip.opening;
    case IdentityCondition::Canonical:
        break;
    }
    return clip.identity;
}

TrainingClips TrainingStep::inputs(TrainingNetworks& networks, std::span<const TrainingClip> clips,
                                   bool answers) const {
    const auto& config = networks.config();
    const auto latents = [&](const torch::Tensor& pictures) {
        return oneClip(latentsOf(networks, pictures));
    };
    const auto placeholder = [&](const torch::Tensor& pictures) {
        return torch::zeros({1, config.vae.latentChannels, pictures.size(0),
                             pictures.size(1) / config.vae.reduction(),
                             pictures.size(2) / config.vae.reduction()},
                            networks.options());
    };
    const bool tokens = std::max(config.reference.contextWidth, config.denoiser.contextWidth) > 0;
    std::vector<torch::Tensor> parts[7]; // in the order of TrainingClips
    for (const auto& clip : clips) {
        parts[0].push_back(answers ? latents(clip.frames) : placeholder(clip.frames));
        if (config.scene)
            parts[1].push_back(latents(clip.scene));
        if (config.occluder)
            parts[2].push_back(latents(clip.occluder));
        if (config.sketch)
            parts[3].push_back(latents(clip.sketch));
        parts[4].push_back(motionOf(networks, clip));
        parts[5].push_back(latentsOf(networks, identityOf(clip).unsqueeze(0)));
        if (tokens)
            parts[6].push_back(tokensOf(networks, identityOf(clip)).unsqueeze(0));
    }
    const auto joined = [&](int i) {
        return parts[i].empty() ? torch::Tensor() : torch::cat(parts[i]);
    };
    return {joined(0), joined(1), joined(2), joined(3), joined(4), joined(5), joined(6)};
}

TrainingDraw TrainingStep::drawFor(const TrainingClips& clips,
                                   std::span<const std::uint64_t> indices) const {
    TrainingDraw out;
    std::vector<torch::Tensor> noise, timesteps;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        TrainingClips one;
        one.latents = clips.latents.narrow(0, std::int64_t(i), 1);
        const auto draw = m_objective.draw(
            one, at::detail::createCPUGenerator(mixed(m_config.seed + 17, indices[i])));
        noise.push_back(draw.noise);
        timesteps.push_back(draw.timesteps);
        out.dropped.push_back(draw.dropped.front());
    }
    out.noise = torch::cat(noise);
    out.timesteps = torch::cat(timesteps);
    return out;
}

torch::Tensor TrainingStep::coderLosses(TrainingNetworks& networks,
                                        std::span<const TrainingClip> clips,
                                        std::span<const std::uint64_t> indices) const {
    std::vector<torch::Tensor> losses;
    const auto options = networks.options();
    for (std::size_t i = 0; i < clips.size(); ++i) {
        const auto& clip = clips[i];
        // Whatever the coder will have to carry.
        std::vector<torch::Tensor> bytes{clip.frames};
        for (const auto* layer : {&clip.scene, &clip.occluder})
            if (layer->defined())
                bytes.push_back(layer->narrow(0, 0, 1));
        if (clip.identity.defined() && clip.identity.sizes() == clip.frames[0].sizes())
            bytes.push_back(clip.identity.unsqueeze(0));
        auto pictures = planesOf(torch::cat(bytes), options);
        const auto generator =
            at::detail::createCPUGenerator(mixed(m_config.seed + 17, indices[i]));
        if (m_config.coder.crop > 0)
            pictures = randomSquares(pictures, m_config.coder.crop, generator);
        const auto noise = torch::randn({pictures.size(0), networks.config().vae.latentChannels,
                                         pictures.size(2) / 8, pictures.size(3) / 8},
                                        generator, torch::TensorOptions(torch::kFloat32));
        auto loss =
            autoencoderLoss(networks.networks->vae, pictures, noise.to(options), m_config.coder);
        if (!loss)
            throw std::runtime_error(loss.error().message);
        losses.push_back(loss->to(torch::kFloat32));
    }
    return torch::stack(losses);
}

/// What the other networks say about the sketches of a clip: [F, 3, H, W]. Their noise is decided
/// by the sketches, so that it is the same whenever they come.
torch::Tensor TrainingStep::changesOf(TrainingNetworks& networks, const TrainingClip& clip) const {
    const auto change = [&](const torch::Tensor& sketches) {
        const torch::NoGradGuard noGrad;
        auto& n = *networks.networks;
        const auto given = inputs(networks, {&clip, 1}, false);
        const auto sum = std::uint64_t(sketches.sum(torch::kInt64).item<std::int64_t>());
        const SampleSettings settings{m_config.refiner.sampledSteps, 1, mixed(m_config.seed, sum)};
        const auto latents = sampledLatents(n, given, m_config.diffusion, settings);
        if (!latents)
            throw std::runtime_error(latents.error().message);
        return changeOf(n, *latents, given.sketch).to(torch::kHalf);
    };
    return m_changes ? m_changes->of(clip.sketch, change) : change(clip.sketch);
}

torch::Tensor TrainingStep::refinerLosses(TrainingNetworks& networks,
                                          std::span<const TrainingClip> clips,
                                          std::span<const std::uint64_t> indices) const {
    const auto options = networks.options();
    std::vector<torch::Tensor> frames, sketches, changes, scenes, persons;
    for (std::size_t i = 0; i < clips.size(); ++i) {
        const auto& clip = clips[i];
        const bool mirrored = mixed(m_config.seed + 29, indices[i]) % 2 == 1; // half of the time
        const auto put = [&](std::vector<torch::Tensor>& all, const torch::Tensor& pictures) {
            all.push_back(mirrored ? pictures.flip({-1}) : pictures);
        };
        put(frames, planesOf(clip.frames, options));
        put(sketches, planesOf(clip.sketch, options));
        put(scenes, planesOf(clip.scene, options));
        put(changes, changesOf(networks, clip).to(options));
        if (clip.alpha.defined())
            put(persons, clip.alpha);
    }
    RefinerPictures pictures{
        torch::cat(frames), torch::cat(sketches), torch::cat(changes), torch::cat(scenes), {}};
    if (persons.size() == clips.size())
        pictures.persons = torch::cat(persons);
    const auto losses =
        strata::refinerLosses(networks.networks->refiner, pictures, m_config.refiner, m_features);
    if (!losses)
        throw std::runtime_error(losses.error().message);
    return losses->view({std::int64_t(clips.size()), -1}).mean(1);
}

Result<torch::Tensor> TrainingStep::losses(TrainingNetworks& networks,
                                           std::span<const TrainingClip> clips,
                                           std::span<const std::uint64_t> indices) const {
    STRATA_TRY(check(clips));
    return nn::guarded("A step of the training", [&]() -> Result<torch::Tensor> {
        if (m_config.stage == TrainingStage::Autoencoder)
            return coderLosses(networks, clips, indices);
        if (m_config.stage == TrainingStage::Refiner)
            return refinerLosses(networks, clips, indices);
        const auto given = inputs(networks, clips);
        return m_objective.losses(*networks.networks, given, drawFor(given, indices));
    });
}

Result<double> TrainingStep::scaleOf(TrainingNetworks& networks,
                                     std::span<const TrainingClip> clips) const {
    STRATA_TRY(check(clips));
    return nn::guarded("Measuring the latents", [&]() -> Result<double> {
        auto& n = *networks.networks;
        const torch::NoGradGuard noGrad;
        std::vector<torch::Tensor> latents;
        for (const auto& clip : clips)
            latents.push_back(encodedFrames(n, planesOf(clip.frames, networks.options()))
                                  .to(torch::kCPU, torch::kFloat64));
        const double deviation = torch::cat(latents).std().item<double>() / n.config.vae.scale;
        if (!(deviation > 0))
            return Error{ErrorCode::BadFormat,
                         "The picture coder gives the same latents for everything."};
        return 1 / deviation;
    });
}

} // namespace strata
