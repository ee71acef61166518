// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn.h>

#include <cstdint>
#include <vector>

namespace strata::nn {

struct I3dConfig {
    std::int64_t classes = 400; // of Kinetics
    std::int64_t divisor = 1;   // of all channels but the pictures' and the classes'
    std::int64_t pooled = 7;    // side of the squares that are averaged at the end
};

/// A convolution in time and space without a bias, batch normalisation and a rectifier; or a
/// convolution with a bias alone. Padded with zeros to one answer per `stride`, as TensorFlow's
/// "SAME" does.
struct I3dUnitImpl : torch::nn::Module {
    I3dUnitImpl(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1,
                bool normalised = true);
    torch::Tensor forward(const torch::Tensor& x); // [N, C, T, H, W]

private:
    std::int64_t m_kernel, m_stride;
    torch::nn::Conv3d m_convolution{nullptr};
    torch::nn::BatchNorm3d m_norm{nullptr};
};
TORCH_MODULE(I3dUnit);

/// Four branches side by side: 1x1x1; 1x1x1 and 3x3x3, twice; the largest of 3x3x3 and 1x1x1.
struct I3dMixedImpl : torch::nn::Module {
    I3dMixedImpl(std::int64_t in, const std::vector<std::int64_t>& channels);
    torch::Tensor forward(const torch::Tensor& x);

private:
    I3dUnit m_single{nullptr}, m_first[2]{nullptr, nullptr}, m_second[2]{nullptr, nullptr},
        m_largest{nullptr};
};
TORCH_MODULE(I3dMixed);

/// I3D (Carreira and Zisserman 2017), Inception v1 in time and space. Names are those of the
/// weights published for PyTorch (Conv3d_1a_7x7.conv3d.weight, ..., rgb_imagenet.pt), which load as
/// they are.
struct I3dImpl : torch::nn::Module {
    explicit I3dImpl(const I3dConfig& config = {});

    /// Videos [N, 3, T, H, W] in -1..1, published for 224 x 224; at least 9 frames -> the classes'
    /// logits [N, classes], means over time and space.
    torch::Tensor forward(const torch::Tensor& videos);

private:
    std::int64_t m_pooled;
    I3dUnit m_first{nullptr}, m_single{nullptr}, m_second{nullptr}, m_logits{nullptr};
    std::vector<I3dMixed> m_mixed;
};
TORCH_MODULE(I3d);

} // namespace strata::nn
