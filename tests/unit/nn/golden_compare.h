// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "engine/weights/load_weights.h"
#include "engine/weights/tensor_map.h"
#include "tests/support/golden.h"

#include <QTest>

#include <cstdio>
#include <string>

namespace strata::test {

/// Prints by how much a tensor misses the reference; true when it is within the limit everywhere.
inline bool agrees(const std::string& name, const torch::Tensor& given, const torch::Tensor& wanted,
                   double limit) {
    if (given.sizes() != wanted.sizes()) {
        std::printf("%-62s has another shape\n", name.c_str());
        return false;
    }
    const auto difference = (given.to(torch::kFloat64) - wanted.to(torch::kFloat64)).abs();
    const double most = difference.max().item<double>();
    std::printf("%-62s max %.1e mean %.1e limit %.1e\n", name.c_str(), most,
                difference.mean().item<double>(), limit);
    return most <= limit; // false for NaN
}

/// The limit for single modules: rounding grows with the values.
inline double limitOf(const torch::Tensor& wanted) {
    return std::max(2e-5, 1e-5 * wanted.abs().max().item<double>());
}

inline torch::Tensor tensorOf(const ArrayMap& arrays, const std::string& name) {
    return toTensor(arrays.at(name), name)->clone();
}

} // namespace strata::test

/// Loads or fails the test.
#define LOAD_WEIGHTS(network, ...)                                                                 \
    do {                                                                                           \
        const auto loaded = loadWeights(*(network), __VA_ARGS__);                                  \
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());                            \
    } while (false)

#define NEEDS(arrays)                                                                              \
    if ((arrays).empty())                                                                          \
    QSKIP("the full golden data are not here")
