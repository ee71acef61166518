// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/formats/array.h"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace strata::test {

/// Normal numbers as PyTorch's generator on the CPU draws them for a tensor, in double precision.
class NormalDraws {
public:
    explicit NormalDraws(std::uint32_t seed)
        : m_engine(seed) {}

    std::vector<double> next(std::size_t count);

private:
    void fillSixteen(double* values);
    double single();

    std::mt19937 m_engine;
    std::optional<double> m_kept;
};

/// How the random weights of a small network were made. Text, a line for each tensor in the order
/// of the draws: name, shape, then
///   grid STEP       round(3 z) * STEP
///   around CENTRE FACTOR   CENTRE + FACTOR z, rounded to five significant bits
///   positions       of a motion module: drawn from no generator
/// and after that the few places where rounding went the other way, as INDEX:VALUE.
struct WeightRecipe {
    struct Tensor {
        std::string name;
        std::vector<std::int64_t> shape;
        std::string kind;
        double centre = 0, factor = 0; // grid: factor is the step
        std::vector<std::pair<std::size_t, float>> exceptions;
    };
    std::uint32_t seed = 0;
    std::vector<Tensor> tensors;

    static Result<WeightRecipe> parse(const std::string& text);
    std::string text() const;
    Result<ArrayMap> make() const;
    /// Values of one tensor without its exceptions; `draws` moves on.
    static std::vector<float> values(const Tensor& tensor, NormalDraws& draws);
};

} // namespace strata::test
