// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/trainer/frozen_results.h"
#include "engine/train/trainer/training_networks.h"
#include "engine/train/trainer/training_source.h"

#include <functional>
#include <span>

namespace strata {

/// What cross-attention is told about a picture of the identity: u8 [h, w, 3] -> [T, width].
using IdentityTokens = std::function<torch::Tensor(const torch::Tensor&)>;

/// From clips as they are stored to the losses of one step's batch. All that is random about a clip
/// is decided by its number, so that it does not matter which process draws it.
class TrainingStep {
public:
    /// Without `tokens` the CLIP network is asked, where the networks use tokens.
    /// `features` are for the refiner (RefinerTraining::featureWeight).
    static Result<TrainingStep> create(const TrainingConfig& config, TrainingBody body,
                                       IdentityTokens tokens = {}, PictureFeatures features = {});

    /// Keeps the latents and tokens of pictures, and what is refined, for when they come again: for
    /// clips that are seen more than once, while what makes them is not learnt. Copies of the step
    /// share them.
    void remember();

    /// -> loss of each clip [B], float. indices: the clips' numbers.
    Result<torch::Tensor> losses(TrainingNetworks& networks, std::span<const TrainingClip> clips,
                                 std::span<const std::uint64_t> indices) const;

    /// 1 / deviation of the latents of these clips, which makes them of unit variance.
    Result<double> scaleOf(TrainingNetworks& networks, std::span<const TrainingClip> clips) const;

    /// What the networks are told about clips, without gradients but for the codes. Without
    /// `answers` the latents of the frames themselves are only of the right shape.
    TrainingClips inputs(TrainingNetworks& networks, std::span<const TrainingClip> clips,
                         bool answers = true) const;

private:
    TrainingStep(const TrainingConfig& config, DiffusionObjective objective, TrainingBody body,
                 IdentityTokens tokens, PictureFeatures features)
        : m_config(config)
        , m_objective(std::move(objective))
        , m_body(std::move(body))
        , m_tokens(std::move(tokens))
        , m_features(std::move(features)) {}
    Status check(std::span<const TrainingClip> clips) const;
    torch::Tensor coderLosses(TrainingNetworks& networks, std::span<const TrainingClip> clips,
                              std::span<const std::uint64_t> indices) const;
    torch::Tensor refinerLosses(TrainingNetworks& networks, std::span<const TrainingClip> clips,
                                std::span<const std::uint64_t> indices) const;
    torch::Tensor changesOf(TrainingNetworks& networks, const TrainingClip& clip) const;
    torch::Tensor latentsOf(TrainingNetworks& networks, const torch::Tensor& pictures) const;
    torch::Tensor tokensOf(TrainingNetworks& networks, const torch::Tensor& identity) const;
    const torch::Tensor& identityOf(const TrainingClip& clip) const;
    torch::Tensor motionOf(TrainingNetworks& networks, const TrainingClip& clip) const;
    TrainingDraw drawFor(const TrainingClips& clips, std::span<const std::uint64_t> indices) const;

    TrainingConfig m_config;
    DiffusionObjective m_objective;
    TrainingBody m_body;
    IdentityTokens m_tokens;
    PictureFeatures m_features;
    std::shared_ptr<FrozenResults> m_latents, m_identities, m_changes;
};

} // namespace strata
