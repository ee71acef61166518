// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/basic_layers.h"

#include "engine/nn/cuda/fused_norm.h"
#include "engine/nn/layers/products.h"
#include "engine/nn/layers/winograd_convolution.h"

namespace strata::nn {
namespace {

torch::Tensor sum(const torch::Tensor& bias, const torch::Tensor& more) {
    return bias.defined() ? bias + more : more;
}

} // namespace

DenseImpl::DenseImpl(int64_t in, int64_t out, bool withBias, const torch::TensorOptions& options) {
    weight = register_parameter("weight", torch::empty({out, in}, options));
    if (withBias)
        bias = register_parameter("bias", torch::empty({out}, options));
}

torch::Tensor DenseImpl::forward(const torch::Tensor& x) { return product(x, weight, bias); }

torch::Tensor DenseImpl::shifted(const torch::Tensor& x, const torch::Tensor& more) {
    return product(x, weight, sum(bias, more));
}

ConvImpl::ConvImpl(int64_t in, int64_t out, int64_t kernel, const torch::TensorOptions& options,
                   int64_t stride, int64_t padding, bool withBias)
    : m_stride(stride)
    , m_padding(padding < 0 ? kernel / 2 : padding) {
    // Pictures lie channels-last; cuDNN would turn the weights for them in every call.
    const auto order = options.device().is_cuda() ? torch::MemoryFormat::ChannelsLast
                                                  : torch::MemoryFormat::Contiguous;
    weight = register_parameter("weight", torch::empty({out, in, kernel, kernel}, options, order));
    if (withBias)
        bias = register_parameter("bias", torch::empty({out}, options));
}

torch::Tensor ConvImpl::run(const torch::Tensor& x, const torch::Tensor& shift,
                            Formulation formulation) {
    const bool filters = formulation == Formulation::Saved && m_stride == 1 && m_padding == 1 &&
                         winogradApplies(x, weight);
    return filters ? winogradConvolution(x, weight, shift)
                   : convolution(x, weight, shift, {m_stride, m_stride}, {m_padding, m_padding});
}

torch::Tensor ConvImpl::forward(const torch::Tensor& x, Formulation formulation) {
    return run(x, bias, formulation);
}

torch::Tensor ConvImpl::shifted(const torch::Tensor& x, const torch::Tensor& more,
                                Formulation formulation) {
    return run(x, sum(bias, more), formulation);
}

torch::Tensor ConvImpl::onTokens(const torch::Tensor& x) {
    return product(x, weight.flatten(1), bias);
}

GroupNormImpl::GroupNormImpl(int64_t groups, int64_t channels, double epsilon,
                             const torch::TensorOptions& options)
    : m_groups(groups)
    , m_epsilon(epsilon) {
    weight = register_parameter("weight", torch::empty({channels}, options));
    bias = register_parameter("bias", torch::empty({channels}, options));
}

torch::Tensor GroupNormImpl::forward(const torch::Tensor& x) {
    const auto fused = fusedGroupNorm(x, m_groups, weight, bias, m_epsilon, false);
    return fused.defined() ? fused : at::group_norm(x, m_groups, weight, bias, m_epsilon, false);
}

torch::Tensor GroupNormImpl::activated(const torch::Tensor& x) {
    const auto fused = fusedGroupNorm(x, m_groups, weight, bias, m_epsilon, true);
    return fused.defined() ? fused
                           : siluOf(at::group_norm(x, m_groups, weight, bias, m_epsilon, false));
}

LayerNormImpl::LayerNormImpl(int64_t width, const torch::TensorOptions& options, double epsilon)
    : m_epsilon(epsilon) {
    weight = register_parameter("weight", torch::empty({width}, options));
    bias = register_parameter("bias", torch::empty({width}, options));
}

torch::Tensor LayerNormImpl::forward(const torch::Tensor& x) {
    return at::layer_norm(x, {weight.size(0)}, weight, bias, m_epsilon, false);
}

std::shared_ptr<torch::nn::Module> group(torch::nn::Module& parent, const std::string& name) {
    return parent.register_module(name, std::make_shared<torch::nn::Module>(name));
}

torch::Tensor added(const torch::Tensor& a, const torch::Tensor& b) {
    if (at::GradMode::is_enabled())
        return a + b;
    torch::Tensor sum = a;
    return sum.add_(b);
}

torch::Tensor siluOf(const torch::Tensor& x) {
    if (at::GradMode::is_enabled())
        return at::silu(x);
    torch::Tensor y = x;
    return at::silu_(y);
}

torch::Tensor tokensOf(const torch::Tensor& picture) {
    const auto last = picture.permute({0, 2, 3, 1});
    return last.reshape({picture.size(0), picture.size(2) * picture.size(3), picture.size(1)});
}

torch::Tensor pictureOf(const torch::Tensor& tokens, int64_t rows, int64_t columns) {
    return tokens.view({tokens.size(0), rows, columns, tokens.size(2)}).permute({0, 3, 1, 2});
}

torch::Tensor framesOf(const torch::Tensor& clip) {
    const auto s = clip.sizes();
    return clip.permute({0, 2, 3, 4, 1})
        .reshape({s[0] * s[2], s[3], s[4], s[1]})
        .permute({0, 3, 1, 2});
}

torch::Tensor clipOf(const torch::Tensor& frames, int64_t batch) {
    const auto s = frames.sizes();
    return frames.reshape({batch, s[0] / batch, s[1], s[2], s[3]}).permute({0, 2, 1, 3, 4});
}

torch::Tensor repeatedRows(const torch::Tensor& x, int64_t count) {
    if (x.size(0) == count)
        return x;
    TORCH_CHECK(x.size(0) > 0 && count % x.size(0) == 0, "a batch of ", x.size(0),
                " pictures cannot become one of ", count);
    std::vector<torch::Tensor> copies(std::size_t(count / x.size(0)), x);
    return torch::cat(copies);
}

} // namespace strata::nn
