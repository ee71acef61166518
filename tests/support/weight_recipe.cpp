// SPDX-License-Identifier: Apache-2.0
#include "tests/support/weight_recipe.h"

#include <cmath>
#include <numbers>
#include <sstream>

namespace strata::test {
namespace {

constexpr std::size_t kMostElements = std::size_t(1) << 26;

double toFiveBits(double value) {
    if (value == 0)
        return 0;
    int exponent = 0;
    const double mantissa = std::frexp(value, &exponent); // in [0.5, 1)
    return std::ldexp(std::nearbyint(mantissa * 32), exponent - 5);
}

std::size_t countOf(const std::vector<std::int64_t>& shape) {
    std::size_t count = 1;
    for (const auto extent : shape)
        count *= std::size_t(extent);
    return count;
}

std::vector<float> positions(const std::vector<std::int64_t>& shape) {
    std::vector<float> values(countOf(shape));
    const auto width = std::size_t(shape.back());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t c = i % width;
        const double rate = std::exp(-double(c - c % 2) * std::log(1e4) / double(width));
        const double angle = double(i / width) * rate;
        values[i] = float(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
    return values;
}

std::vector<std::int64_t> shapeOf(const std::string& text) {
    std::vector<std::int64_t> shape;
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');)
        shape.push_back(std::stoll(part));
    return shape;
}

} // namespace

void NormalDraws::fillSixteen(double* values) {
    for (int i = 0; i < 16; ++i)
        values[i] = double(m_engine() & 0xFFFFFFu) / double(1u << 24);
    for (int i = 0; i < 8; ++i) {
        const double radius = std::sqrt(-2 * std::log(1 - values[i]));
        const double angle = 2 * std::numbers::pi * values[i + 8];
        values[i] = radius * std::cos(angle);
        values[i + 8] = radius * std::sin(angle);
    }
}

double NormalDraws::single() {
    if (m_kept) {
        const double value = *m_kept;
        m_kept.reset();
        return value;
    }
    const auto uniform = [this] {
        const std::uint64_t high = m_engine(), low = m_engine();
        return double(((high << 32) | low) & ((std::uint64_t(1) << 53) - 1)) /
               double(std::uint64_t(1) << 53);
    };
    const double first = uniform(), second = uniform();
    const double radius = std::sqrt(-2 * std::log1p(-second));
    m_kept = radius * std::sin(2 * std::numbers::pi * first);
    return radius * std::cos(2 * std::numbers::pi * first);
}

std::vector<double> NormalDraws::next(std::size_t count) {
    std::vector<double> values(count);
    if (count < 16) {
        for (double& value : values)
            value = single();
        return values;
    }
    // PyTorch draws all uniform numbers first; the order in the stream is the same.
    for (std::size_t i = 0; i + 16 <= count; i += 16)
        fillSixteen(values.data() + i);
    if (count % 16 != 0) {
        for (std::size_t i = 0; i < count % 16; ++i) // drawn, then overwritten
            m_engine();
        fillSixteen(values.data() + count - 16);
    }
    return values;
}

std::vector<float> WeightRecipe::values(const Tensor& tensor, NormalDraws& draws) {
    if (tensor.kind == "positions")
        return positions(tensor.shape);
    const auto normal = draws.next(countOf(tensor.shape));
    std::vector<float> values(normal.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] =
            float(tensor.kind == "grid" ? std::nearbyint(3 * normal[i]) * tensor.factor
                                        : toFiveBits(tensor.centre + tensor.factor * normal[i]));
    return values;
}

Result<WeightRecipe> WeightRecipe::parse(const std::string& text) {
    WeightRecipe recipe;
    std::istringstream lines(text);
    std::string line, word;
    std::getline(lines, line);
    std::istringstream(line) >> word >> recipe.seed;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        Tensor tensor;
        std::string shape;
        words >> tensor.name >> shape >> tensor.kind;
        tensor.shape = shapeOf(shape);
        if (tensor.kind == "around")
            words >> tensor.centre;
        if (tensor.kind != "positions")
            words >> tensor.factor;
        if (!words || countOf(tensor.shape) > kMostElements)
            return Error{ErrorCode::BadFormat, "The recipe's line '" + line + "' is damaged."};
        while (words >> word) {
            const auto colon = word.find(':');
            tensor.exceptions.emplace_back(std::stoull(word), std::stof(word.substr(colon + 1)));
        }
        recipe.tensors.push_back(std::move(tensor));
    }
    return recipe;
}

std::string WeightRecipe::text() const {
    std::ostringstream out;
    out.precision(9);
    out << "seed " << seed << '\n';
    for (const Tensor& tensor : tensors) {
        out << tensor.name << ' ';
        for (std::size_t i = 0; i < tensor.shape.size(); ++i)
            out << (i ? "," : "") << tensor.shape[i];
        out << ' ' << tensor.kind;
        if (tensor.kind == "around")
            out << ' ' << tensor.centre;
        if (tensor.kind != "positions")
            out << ' ' << tensor.factor;
        for (const auto& [index, value] : tensor.exceptions)
            out << ' ' << index << ':' << value;
        out << '\n';
    }
    return out.str();
}

Result<ArrayMap> WeightRecipe::make() const {
    NormalDraws draws(seed);
    ArrayMap arrays;
    for (const Tensor& tensor : tensors) {
        auto numbers = values(tensor, draws);
        for (const auto& [index, value] : tensor.exceptions) {
            if (index >= numbers.size())
                return Error{ErrorCode::BadFormat, "The recipe of '" + tensor.name +
                                                       "' changes a value that is not there."};
            numbers[index] = value;
        }
        arrays[tensor.name] = Array::of(tensor.shape, std::span<const float>(numbers));
    }
    return arrays;
}

} // namespace strata::test
