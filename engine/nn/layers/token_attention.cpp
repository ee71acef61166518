// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/token_attention.h"

#include "engine/nn/layers/frame_attention_kernel.h"
#include "engine/nn/layers/token_attention_kernel.h"
#include "engine/nn/layers/work_block.h"

#include <algorithm>
#include <cmath>

namespace strata::nn {
namespace {

// Rows of one fused call; kernels count rows in a 16-bit dimension of their grid.
constexpr int64_t kMostRows = 32768;
// Multiplications that are worth a second thread.
constexpr int64_t kWorthAThread = int64_t(1) << 20;

bool onCpuWithoutGradients(const torch::Tensor& x) {
    return x.is_cpu() && x.scalar_type() == torch::kFloat32 && !at::GradMode::is_enabled();
}

torch::Tensor attendOnCpu(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                          int64_t heads, const SharedTokens& shared) {
    const auto out = torch::empty_like(q, torch::MemoryFormat::Contiguous);
    const auto queries = q.contiguous(), keys = k.contiguous(), values = v.contiguous();
    TokenAttention work;
    work.queries = queries.data_ptr<float>();
    work.out = out.data_ptr<float>();
    work.rows = q.size(0);
    work.tokens = q.size(1);
    work.channels = q.size(2);
    work.heads = heads;
    work.seen[0] = {keys.data_ptr<float>(), values.data_ptr<float>(), k.size(1), 1};
    const auto sharedKeys = shared.empty() ? torch::Tensor() : shared.keys.contiguous();
    const auto sharedValues = shared.empty() ? torch::Tensor() : shared.values.contiguous();
    if (!shared.empty())
        work.seen[1] = {sharedKeys.data_ptr<float>(), sharedValues.data_ptr<float>(),
                        sharedKeys.size(1), work.rows / sharedKeys.size(0)};
    const int64_t perTask = std::min<int64_t>(work.tokens, 128) * (work.channels / heads) *
                            (work.seen[0].count + work.seen[1].count);
    const int64_t grain = std::max<int64_t>(1, kWorthAThread / std::max<int64_t>(1, perTask));
    at::parallel_for(0, work.tasks(), grain,
                     [&work](int64_t from, int64_t to) { attendTokens(work, from, to); });
    return out;
}

torch::Tensor inHeads(const torch::Tensor& x, int64_t heads) { // -> [N, H, L, D]
    return x.view({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2);
}

// q, k, v: [N, H, L or M, D] -> [N, H, L, D]
torch::Tensor attendHeads(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v) {
#if TORCH_VERSION_MAJOR >= 2
    return at::scaled_dot_product_attention(q, k, v);
#else
    const double scale = 1.0 / std::sqrt(double(q.size(3)));
    const auto keys = k.transpose(-2, -1);
    const int64_t perRow = q.size(0) * q.size(1) * k.size(2);
    // Attention weights where no fused kernel makes them; there are two of such blocks at a time.
    const int64_t rows = std::max<int64_t>(1, workBlock() / 2 / std::max<int64_t>(1, perRow));
    std::vector<torch::Tensor> blocks;
    for (const auto& block : q.split(rows, 2))
        blocks.push_back(at::matmul(at::softmax(at::matmul(block * scale, keys), -1), v));
    return blocks.size() == 1 ? blocks.front() : torch::cat(blocks, 2);
#endif
}

// Rows [from, from + count) of a group.
torch::Tensor attendRows(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                         int64_t heads, const SharedTokens& shared, int64_t groupNumber) {
    auto keys = k, values = v;
    if (!shared.empty()) {
        const auto more = [&](const torch::Tensor& x) {
            return x.narrow(0, groupNumber, 1).expand({k.size(0), x.size(1), x.size(2)});
        };
        keys = torch::cat({k, more(shared.keys)}, 1);
        values = torch::cat({v, more(shared.values)}, 1);
    }
    const auto out = attendHeads(inHeads(q, heads), inHeads(keys, heads), inHeads(values, heads));
    return out.transpose(1, 2).reshape(q.sizes());
}

torch::Tensor attendFused(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                          int64_t heads, const SharedTokens& shared) {
    const int64_t rows = q.size(0), groups = shared.empty() ? 1 : shared.keys.size(0);
    const int64_t perGroup = rows / groups;
    const int64_t tokens = k.size(1) + (shared.empty() ? 0 : shared.keys.size(1));
    // Shared keys are copied next to each row's own.
    const int64_t fits =
        std::max<int64_t>(1, workBlock() / 4 / std::max<int64_t>(1, tokens * q.size(2)));
    const int64_t step = shared.empty() ? kMostRows : std::min(kMostRows, fits);
    std::vector<torch::Tensor> parts;
    for (int64_t g = 0; g < groups; ++g)
        for (int64_t from = 0; from < perGroup; from += step) {
            const int64_t at = g * perGroup + from, count = std::min(step, perGroup - from);
            parts.push_back(attendRows(q.narrow(0, at, count), k.narrow(0, at, count),
                                       v.narrow(0, at, count), heads, shared, g));
        }
    return parts.size() == 1 ? parts.front() : torch::cat(parts);
}

} // namespace

torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                     int64_t heads, const SharedTokens& shared) {
    TORCH_CHECK(shared.empty() || (shared.keys.size(0) > 0 && q.size(0) % shared.keys.size(0) == 0),
                "the rows of the picture are not a multiple of those of the reference");
    return onCpuWithoutGradients(q) ? attendOnCpu(q, k, v, heads, shared)
                                    : attendFused(q, k, v, heads, shared);
}

torch::Tensor attendByOperators(const torch::Tensor& q, const torch::Tensor& k,
                                const torch::Tensor& v, int64_t heads) {
    return attendFused(q, k, v, heads, {});
}

torch::Tensor attendOverFrames(const torch::Tensor& q, const torch::Tensor& k,
                               const torch::Tensor& v, int64_t heads) {
    const auto s = q.sizes(); // [B, F, L, C]
    TORCH_CHECK(q.is_contiguous() && k.is_contiguous() && v.is_contiguous(),
                "attention over frames needs contiguous tokens");
    if (!onCpuWithoutGradients(q) || s[1] > kMostFrames)
        return attendOverFramesByOperators(q, k, v, heads);
    const auto out = torch::empty_like(q);
    const FrameAttention shape{s[1], s[2], s[3], heads};
    at::parallel_for(0, s[0] * s[2], 16, [&](int64_t from, int64_t to) {
        attendOverFrames(shape, q.data_ptr<float>(), k.data_ptr<float>(), v.data_ptr<float>(),
                         out.data_ptr<float>(), from, to);
    });
    return out;
}

torch::Tensor attendOverFramesByOperators(const torch::Tensor& q, const torch::Tensor& k,
                                          const torch::Tensor& v, int64_t heads) {
    const auto s = q.sizes();
    const auto pixels = [&](const torch::Tensor& x) { // [B * L, F, C]
        return x.transpose(1, 2).reshape({s[0] * s[2], s[1], s[3]});
    };
    const auto out = attendFused(pixels(q), pixels(k), pixels(v), heads, {});
    return out.view({s[0], s[2], s[1], s[3]}).transpose(1, 2).contiguous();
}

} // namespace strata::nn
