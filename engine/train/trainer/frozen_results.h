// SPDX-License-Identifier: Apache-2.0
// For the sources of this folder.
#pragma once

#include <torch/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>

namespace strata {

/// What a network that is not learnt has made of pictures, by their content, so that a picture that
/// comes again is not computed again. Each picture goes through the network alone: its result does
/// not depend on which pictures came before, and a training that goes on stays exact.
class FrozenResults {
public:
    using Network = std::function<torch::Tensor(const torch::Tensor&)>;

    /// Nothing more is kept beyond `mostBytes`.
    explicit FrozenResults(std::size_t mostBytes)
        : m_left(mostBytes) {}

    /// `bytes` u8 on the CPU -> what `network` makes of it.
    torch::Tensor of(const torch::Tensor& bytes, const Network& network);

    std::size_t kept() const { return m_results.size(); }

private:
    std::size_t m_left;
    std::unordered_map<std::string, torch::Tensor> m_results;
};

} // namespace strata
