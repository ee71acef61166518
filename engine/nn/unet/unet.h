// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/unet/unet_blocks.h"

#include <string>
#include <vector>

namespace strata::nn {

/// What the reference network says about an identity: the normed tokens of its transformers, in
/// order of execution, [R, L, C] each.
struct ReferenceBank {
    std::vector<torch::Tensor> tokens;

    /// Rounded to half precision and back, as the published code does whatever its own precision.
    void roundToHalf();
};

/// The part that the reference network and the denoiser share. Member names are the official
/// checkpoints' key names.
struct UnetImpl : torch::nn::Module {
    UnetImpl(const UnetConfig& config, const torch::TensorOptions& options);

    const UnetConfig& config() const { return m_config; }
    /// Names of the transformers in order of execution: "down_blocks.0.attentions.0", …
    std::vector<std::string> transformerNames() const;

    /// What forward needs to know about identity and guidance. `bank` may be null; `context`: [B,
    /// T, width] or undefined, T is 1 in MIMO; the first `unconditional` of the B clips see no
    /// reference. bank rows: 1, or one for each clip that sees it.
    Conditions prepare(const ReferenceBank* bank, const torch::Tensor& context, int64_t batch,
                       int64_t unconditional = 0, Formulation formulation = Formulation::Saved);

protected:
    /// timestep: [1 or B] -> SiLU of the embedding
    torch::Tensor embedTime(const torch::Tensor& timestep, const UnetPass& pass);
    /// From the first layer's result to the last block's; undefined when the pass ended before.
    torch::Tensor runBlocks(torch::Tensor x, UnetPass& pass);

    Conv conv_in{nullptr};

private:
    std::vector<SpatialTransformer> transformers();

    UnetConfig m_config;
    Dense m_time1{nullptr}, m_time2{nullptr};
    std::vector<DownBlock> m_down;
    MidBlock m_mid{nullptr};
    std::vector<UpBlock> m_up;
};

/// Reads a picture of the identity. config.outChannels and config.motion do not matter.
struct ReferenceUnetImpl : UnetImpl {
    ReferenceUnetImpl(UnetConfig config, const torch::TensorOptions& options = {});

    /// latent: [R, 4, h, w], free of noise; context: [R, T, width] or undefined -> tokens of R
    /// rows. Ends at the last transformer's norm: nothing after it is used.
    ReferenceBank forward(const torch::Tensor& latent, const torch::Tensor& context);

    /// The pass to its very end, as published, for comparison: the last block's feature [R, C, h,
    /// w] as well as the bank.
    torch::Tensor forwardPlain(const torch::Tensor& latent, const torch::Tensor& context,
                               ReferenceBank& bank, const Probe& probe = {});

private:
    torch::Tensor run(const torch::Tensor& latent, const torch::Tensor& context,
                      Formulation formulation, ReferenceBank& bank, const Probe& probe);
};
TORCH_MODULE(ReferenceUnet);

/// Predicts noise or velocity of a window of frames. With config.fromSketch the answer at timestep
/// t is a_t x + b_t z + c_t s: x what the layers say, z the noisy latents, s the sketch's, factors
/// in the buffer sketch_factors [sketchSteps, 3], which is a part of the weights.
struct DenoisingUnetImpl : UnetImpl {
    DenoisingUnetImpl(const UnetConfig& config, const torch::TensorOptions& options = {});

    /// sample: [b, Cin, F, h, w], b is 1 (the same for all clips of the batch, as under guidance)
    /// or conditions.batch; timestep: [1] or [B]; pose: [b, C, F, h, w] or undefined, added to the
    /// first layer -> [B, Cout, F, h, w]
    torch::Tensor forward(const torch::Tensor& sample, const torch::Tensor& timestep,
                          const torch::Tensor& pose, const Conditions& conditions,
                          const Probe& probe = {});

    torch::Tensor sketch_factors; // undefined without config.fromSketch; 1, 0, 0 at first

private:
    torch::Tensor besideSketch(const torch::Tensor& x, const torch::Tensor& sample,
                               const torch::Tensor& timestep) const;

    GroupNorm conv_norm_out{nullptr};
    Conv conv_out{nullptr};
};
TORCH_MODULE(DenoisingUnet);

} // namespace strata::nn
