// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

namespace strata::nn {

/// While it lives, training on this thread keeps of a resnet, a perceptron or a motion module only
/// what went in, and computes the rest again on the way back: less memory for about a third more
/// time. Not for a network that is run more than once before the way back in many processes.
class RecomputeScope {
public:
    explicit RecomputeScope(bool on);
    ~RecomputeScope();
    RecomputeScope(const RecomputeScope&) = delete;
    RecomputeScope& operator=(const RecomputeScope&) = delete;

private:
    bool m_before;
};

using TensorFunction = std::function<torch::Tensor(const std::vector<torch::Tensor>&)>;

/// run(inputs), in such a scope without keeping its values in between. Inputs are all defined.
/// Everything that gradients go to must be among `inputs` or a parameter; `run` must live, with
/// what it uses, until backward.
torch::Tensor recomputed(const TensorFunction& run, const std::vector<torch::Tensor>& inputs);

} // namespace strata::nn
