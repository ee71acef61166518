// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn.h>

#include <cstdint>
#include <string>
#include <vector>

namespace strata::nn {

/// Values to begin a training with, the same for the same seed on every device: weights and biases
/// even in ±1 / sqrt(inputs), norms that change nothing, shares of one, embeddings
/// small. Parameters whose names
/// contain one of `zero` are zero, so that a new branch adds nothing at first:
/// "temporal_transformer.proj_out" of motion modules, "conv_out" of the pose guider.
void initialise(torch::nn::Module& network, std::uint64_t seed,
                const std::vector<std::string>& zero = {});

} // namespace strata::nn
