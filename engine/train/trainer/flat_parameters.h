// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace strata {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// How far one update goes.
struct UpdateRule {
    double rate = 1e-4;
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01;
    std::int64_t number = 1; // of this update, from 1
};

/// Parameters of many networks in one row of memory, and as long rows of their gradients, of
/// AdamW's two moments and of the average over the updates: an update is a few operations for all,
/// and any stretch of the gradients can be sent at once. The parameters become views of it.
/// Whatever the networks compute with, the values themselves are single precision.
class FlatParameters {
public:
    /// All of one type and on one device.
    FlatParameters(NamedTensors parameters, bool averaged);

    const NamedTensors& parameters() const { return m_parameters; }
    const torch::Tensor& gradients() const { return m_gradients; }
    /// Where a parameter's values lie in the rows: [begin, end).
    std::pair<std::int64_t, std::int64_t> range(std::size_t parameter) const;
    std::int64_t length() const { return m_values.numel(); }

    void clearGradients() { m_gradients.zero_(); }
    /// The gradients' length, once multiplied by `scale`.
    double norm(double scale) const;
    /// One step of AdamW along the gradients times `scale`.
    void update(const UpdateRule& rule, double scale);
    /// average <- decay * average + (1 - decay) * values
    void average(double decay);
    bool averaged() const { return m_average.defined(); }
    /// Exchanges the values with their average, for a while or back.
    void swapAverage();

    /// Everything an update depends on or changes, under "value/", "first/", "second/" and
    /// "average/" with the parameters' names: views. After writing to them call valuesChanged().
    NamedTensors state() const;
    void valuesChanged();

private:
    NamedTensors m_parameters;
    std::vector<std::int64_t> m_begin; // and the end of the last
    torch::Tensor m_computed;          // what the parameters are views of
    torch::Tensor m_gradients;         // of the same type
    torch::Tensor m_values;            // m_computed itself in single precision
    torch::Tensor m_first, m_second, m_average;
};

} // namespace strata
