// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/formulation.h"
#include "engine/nn/layers/token_attention.h"

#include <torch/types.h>

#include <functional>
#include <string>
#include <vector>

namespace strata::nn {

/// What one transformer block is given besides its tokens.
struct BlockCondition {
    SharedTokens reference; // keys and values of the reference's tokens (Saved)
    torch::Tensor bank;     // the reference's tokens themselves [R, M, C] (Plain)
    torch::Tensor cross;    // what cross-attention adds to every token [B, C], if it is constant
};

/// What a network's transformers are given, in order of execution. Made once per clip: it depends
/// neither on the step nor on the window.
struct Conditions {
    Formulation formulation = Formulation::Saved;
    int64_t batch = 1;         // clips denoised together, as 2 for guidance
    int64_t unconditional = 0; // of these the first few see no reference
    torch::Tensor context;     // [B, T, width] where cross-attention is needed in full
    std::vector<BlockCondition> blocks;
};

/// Is given named values between the layers; for tests and inspection.
using Probe = std::function<void(const std::string&, const torch::Tensor&)>;

/// One pass through a network. Blocks advance it.
struct UnetPass {
    int64_t frames = 1;
    torch::Tensor time; // SiLU of the time embedding [1 or B, width]
    const Conditions* conditions = nullptr;
    std::vector<torch::Tensor>* written = nullptr; // receives every block's normed tokens
    std::size_t stopAfter = 0;                     // ends the pass with that many written; 0: never
    std::size_t transformer = 0;                   // the next one's number
    bool done = false;
    const Probe* probe = nullptr;

    int64_t rows() const { return conditions->batch * frames; }
    void show(const std::string& name, const torch::Tensor& value) const {
        if (probe && *probe)
            (*probe)(name, value);
    }
};

} // namespace strata::nn
