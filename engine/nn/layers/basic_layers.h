// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/formulation.h"

#include <torch/nn.h>

#include <memory>
#include <string>

namespace strata::nn {

/// Layers of the large networks. Their parameters are made on the wanted device with the wanted
/// type and are NOT initialised: no time and no memory is spent on values that a checkpoint
/// replaces; on the meta device a network of any size costs nothing. Pictures are [N, C, H, W],
/// channels-last where that is up to us; tokens are [..., C].

/// x [..., I] -> [..., O]
struct DenseImpl : torch::nn::Module {
    DenseImpl(int64_t in, int64_t out, bool withBias, const torch::TensorOptions& options);
    torch::Tensor forward(const torch::Tensor& x);
    /// With `more` [O] added to every output: a constant that is known costs nothing extra.
    torch::Tensor shifted(const torch::Tensor& x, const torch::Tensor& more);
    torch::Tensor weight, bias; // [O, I], [O] or undefined
};
TORCH_MODULE(Dense);

struct ConvImpl : torch::nn::Module {
    ConvImpl(int64_t in, int64_t out, int64_t kernel, const torch::TensorOptions& options,
             int64_t stride = 1, int64_t padding = -1, bool withBias = true); // -1: half the kernel
    torch::Tensor forward(const torch::Tensor& x, Formulation formulation = Formulation::Saved);
    /// With `more` [O] added to every output.
    torch::Tensor shifted(const torch::Tensor& x, const torch::Tensor& more,
                          Formulation formulation = Formulation::Saved);
    /// A 1x1 kernel on tokens [..., I] -> [..., O].
    torch::Tensor onTokens(const torch::Tensor& x);
    torch::Tensor weight, bias;

private:
    torch::Tensor run(const torch::Tensor& x, const torch::Tensor& shift, Formulation formulation);

    int64_t m_stride, m_padding;
};
TORCH_MODULE(Conv);

struct GroupNormImpl : torch::nn::Module {
    GroupNormImpl(int64_t groups, int64_t channels, double epsilon,
                  const torch::TensorOptions& options);
    torch::Tensor forward(const torch::Tensor& x); // each picture of the batch by itself
    /// SiLU of the normalised picture.
    torch::Tensor activated(const torch::Tensor& x);
    torch::Tensor weight, bias;

private:
    int64_t m_groups;
    double m_epsilon;
};
TORCH_MODULE(GroupNorm);

struct LayerNormImpl : torch::nn::Module {
    LayerNormImpl(int64_t width, const torch::TensorOptions& options, double epsilon = 1e-5);
    torch::Tensor forward(const torch::Tensor& x);
    torch::Tensor weight, bias;

private:
    double m_epsilon;
};
TORCH_MODULE(LayerNorm);

/// A module that only groups others under a name of the checkpoint.
std::shared_ptr<torch::nn::Module> group(torch::nn::Module& parent, const std::string& name);

/// a + b, into a's memory when no gradients are recorded: a must be the caller's alone.
torch::Tensor added(const torch::Tensor& a, const torch::Tensor& b);

/// SiLU, into x's memory when no gradients are recorded.
torch::Tensor siluOf(const torch::Tensor& x);

/// [N, C, H, W] -> [N, H * W, C], free for channels-last memory; and back.
torch::Tensor tokensOf(const torch::Tensor& picture);
torch::Tensor pictureOf(const torch::Tensor& tokens, int64_t rows, int64_t columns);

/// [B, C, F, H, W] -> [B * F, C, H, W] channels-last; and back.
torch::Tensor framesOf(const torch::Tensor& clip);
torch::Tensor clipOf(const torch::Tensor& frames, int64_t batch);

/// The rows repeated until there are `count`, which must be a multiple of what there is.
torch::Tensor repeatedRows(const torch::Tensor& x, int64_t count);

} // namespace strata::nn
