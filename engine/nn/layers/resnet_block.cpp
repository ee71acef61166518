// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/resnet_block.h"

#include "engine/nn/layers/recompute.h"

namespace strata::nn {

ResnetBlockImpl::ResnetBlockImpl(const ResnetShape& s, const torch::TensorOptions& options) {
    norm1 = register_module("norm1", GroupNorm(s.groups, s.in, s.epsilon, options));
    conv1 = register_module("conv1", Conv(s.in, s.out, 3, options));
    if (s.timeWidth > 0)
        time_emb_proj = register_module("time_emb_proj", Dense(s.timeWidth, s.out, true, options));
    norm2 = register_module("norm2", GroupNorm(s.groups, s.out, s.epsilon, options));
    conv2 = register_module("conv2", Conv(s.out, s.out, 3, options));
    if (s.in != s.out)
        conv_shortcut = register_module("conv_shortcut", Conv(s.in, s.out, 1, options));
}

torch::Tensor ResnetBlockImpl::forward(const torch::Tensor& x, const torch::Tensor& time,
                                       Formulation formulation) {
    if (!time.defined())
        return recomputed(
            [this, formulation](const auto& in) { return run(in[0], {}, formulation); }, {x});
    return recomputed(
        [this, formulation](const auto& in) { return run(in[0], in[1], formulation); }, {x, time});
}

torch::Tensor ResnetBlockImpl::run(const torch::Tensor& x, const torch::Tensor& time,
                                   Formulation formulation) {
    auto y = norm1->activated(x);
    if (time_emb_proj.is_empty()) {
        y = conv1(y, formulation);
    } else if (time.size(0) == 1) {
        // One time for all pictures is a part of the bias.
        y = conv1->shifted(y, time_emb_proj(time)[0], formulation);
    } else {
        const int64_t each = x.size(0) / time.size(0);
        const auto shift = time_emb_proj(time).repeat_interleave(each, 0); // [N, out]
        y = added(conv1(y, formulation), shift.unsqueeze(-1).unsqueeze(-1));
    }
    y = conv2(norm2->activated(y), formulation);
    return added(y, conv_shortcut.is_empty() ? x : conv_shortcut(x));
}

} // namespace strata::nn
