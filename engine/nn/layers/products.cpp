// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/products.h"

#include <algorithm>
#include <cmath>

namespace strata::nn {
namespace {

// Elements of one block of attention weights: small enough to stay in the processor's cache and in
// the allocator's hands; larger ones go back to the system each time and cost a page fault per 4
// KiB.
constexpr int64_t kBlockElements = int64_t(1) << 21;

bool onOneDnn(const torch::Tensor& x, const torch::Tensor& w) {
    return x.is_cpu() && x.scalar_type() == torch::kFloat32 && w.scalar_type() == torch::kFloat32 &&
           !at::GradMode::is_enabled() && at::hasMKLDNN() && x.numel() > 0;
}

// [N, K] read as [1, K, N, 1] with channels last: the same memory.
torch::Tensor convolved(const torch::Tensor& x, const torch::Tensor& w, const torch::Tensor& bias) {
    const int64_t rows = x.size(0), in = x.size(1), out = w.size(0);
    const auto image = x.as_strided({1, in, rows, 1}, {rows * in, 1, in, in});
    const auto kernel = w.as_strided({out, in, 1, 1}, {in, 1, in, in});
    const auto y = convolution(image, kernel, bias); // [1, O, N, 1]
    return y.permute({0, 2, 3, 1}).reshape({rows, out});
}

// One head: q, k, v [N, D] -> [N, D], a block of rows after the other.
torch::Tensor attendOneHead(const torch::Tensor& q, const torch::Tensor& k,
                            const torch::Tensor& v) {
    const auto keys = k.contiguous();
    const auto values = v.t().contiguous();
    const int64_t rows = std::max<int64_t>(64, kBlockElements / k.size(0));
    std::vector<torch::Tensor> blocks;
    for (const auto& block : q.split(rows))
        blocks.push_back(product(at::softmax(product(block, keys), -1), values));
    return blocks.size() == 1 ? blocks.front() : torch::cat(blocks);
}

} // namespace

torch::Tensor convolution(const torch::Tensor& x, const torch::Tensor& w, const torch::Tensor& bias,
                          torch::IntArrayRef stride, torch::IntArrayRef padding,
                          torch::IntArrayRef dilation, int64_t groups) {
    if (!onOneDnn(x, w))
        return at::conv2d(x, w, bias, stride, padding, dilation, groups);
    const auto given = bias.defined() ? c10::optional<torch::Tensor>(bias) : c10::nullopt;
    return at::mkldnn_convolution(x, w, given, padding, stride, dilation, groups);
}

torch::Tensor product(const torch::Tensor& x, const torch::Tensor& w, const torch::Tensor& bias) {
    if (!onOneDnn(x, w))
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
        for (int64_t h = 0; h < heads; ++h)
            joined.push_back(attendOneHead((q[b][h] * scale).contiguous(), k[b][h], v[b][h]));
    return torch::stack(joined)
        .view({batch, heads, tokens, width})
        .transpose(1, 2)
        .reshape({batch, tokens, heads * width});
}

} // namespace strata::nn
