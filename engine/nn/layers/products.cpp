// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/products.h"

#include <cmath>

namespace strata::nn {
namespace {

// Below this many values LibTorch does not hand a convolution to oneDNN.
constexpr int64_t kSmallest = 20480;

bool asConvolution(const torch::Tensor& x, const torch::Tensor& w) {
    return x.is_cpu() && x.scalar_type() == torch::kFloat32 && w.scalar_type() == torch::kFloat32 &&
           !at::GradMode::is_enabled() && at::hasMKLDNN() && x.numel() > kSmallest;
}

// [N, K] read as [1, K, N, 1] with channels last: the same memory.
torch::Tensor convolved(const torch::Tensor& x, const torch::Tensor& w, const torch::Tensor& bias) {
    const int64_t rows = x.size(0), in = x.size(1), out = w.size(0);
    const auto image = x.as_strided({1, in, rows, 1}, {rows * in, 1, in, in});
    const auto kernel = w.as_strided({out, in, 1, 1}, {in, 1, in, in});
    const auto y = at::conv2d(image, kernel, bias); // [1, O, N, 1]
    return y.permute({0, 2, 3, 1}).reshape({rows, out});
}

} // namespace

torch::Tensor product(const torch::Tensor& x, const torch::Tensor& w, const torch::Tensor& bias) {
    if (!asConvolution(x, w))
        return at::linear(x, w, bias);
    auto shape = x.sizes().vec();
    shape.back() = w.size(0);
    return convolved(x.reshape({-1, w.size(1)}).contiguous(), w.contiguous(), bias).view(shape);
}

torch::Tensor attention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v) {
    const int64_t batch = q.size(0), heads = q.size(1), tokens = q.size(2), width = q.size(3);
    const double scale = 1.0 / std::sqrt(double(width));
    if (!q.is_cpu()) {
#if TORCH_VERSION_MAJOR >= 2
        const auto joined = at::scaled_dot_product_attention(q, k, v);
#else
        const auto weights = at::softmax(at::matmul(q * scale, k.transpose(-2, -1)), -1);
        const auto joined = at::matmul(weights, v);
#endif
        return joined.transpose(1, 2).reshape({batch, tokens, heads * width});
    }
    // Head by head: the matrix of weights stays in the processor's cache, and no batched product is
    // needed, which gives NaN in LibTorch 1.13 when the memory it writes to held one.
    std::vector<torch::Tensor> joined;
    for (int64_t b = 0; b < batch; ++b)
        for (int64_t h = 0; h < heads; ++h) {
            const auto scores = product((q[b][h] * scale).contiguous(), k[b][h].contiguous());
            const auto weights = at::softmax(scores, -1);
            joined.push_back(product(weights, v[b][h].t().contiguous()));
        }
    return torch::stack(joined)
        .view({batch, heads, tokens, width})
        .transpose(1, 2)
        .reshape({batch, tokens, heads * width});
}

} // namespace strata::nn
