// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/frozen_results.h"

#include "engine/core/sha256.h"

namespace strata {
namespace {

std::string contentOf(const torch::Tensor& bytes) { // contiguous
    Sha256 hash;
    for (const auto side : bytes.sizes())
        hash.add(std::to_string(side) + " ");
    const auto* data = bytes.data_ptr<std::uint8_t>();
    return hash.add(std::as_bytes(std::span(data, std::size_t(bytes.numel())))).hex();
}

} // namespace

torch::Tensor FrozenResults::of(const torch::Tensor& bytes, const Network& network) {
    const auto plain = bytes.contiguous();
    const std::string content = contentOf(plain);
    if (const auto known = m_results.find(content); known != m_results.end())
        return known->second;
    const auto result = network(plain);
    if (const std::size_t size = result.nbytes(); size <= m_left) {
        m_left -= size;
        m_results.emplace(content, result);
    }
    return result;
}

} // namespace strata
