// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/flat_parameters.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::int64_t kAlignment = 64;       // elements; kernels like parameters that are aligned
constexpr std::int64_t kPiece = 1 << 24;      // elements worked on at once, to bound scratch memory
constexpr std::int64_t kSmallPiece = 1 << 16; // the same on CPUs, for the cache

std::int64_t pieceFor(const torch::Tensor& row) { return row.is_cuda() ? kPiece : kSmallPiece; }

template <typename F>
void inPieces(const torch::Tensor& row, F&& work) {
    const auto piece = pieceFor(row);
    for (std::int64_t begin = 0; begin < row.numel(); begin += piece)
        work(begin, std::min(piece, row.numel() - begin));
}

} // namespace

FlatParameters::FlatParameters(NamedTensors parameters, bool averaged)
    : m_parameters(std::move(parameters)) {
    const torch::NoGradGuard noGrad;
    std::int64_t length = 0;
    for (const auto& [name, parameter] : m_parameters) {
        m_begin.push_back(length);
        length += (parameter.numel() + kAlignment - 1) / kAlignment * kAlignment;
    }
    m_begin.push_back(length);
    const auto options =
        m_parameters.empty() ? torch::TensorOptions() : m_parameters.front().second.options();
    m_computed = torch::zeros({length}, options.requires_grad(false));
    m_gradients = torch::zeros_like(m_computed);
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        auto& parameter = m_parameters[i].second;
        const auto place = [&](const torch::Tensor& row) {
            return row.narrow(0, m_begin[i], parameter.numel()).view(parameter.sizes());
        };
        const auto view = place(m_computed);
        view.copy_(parameter);
        parameter.set_data(view);
        parameter.mutable_grad() = place(m_gradients);
    }
    m_values =
        m_computed.scalar_type() == torch::kFloat32 ? m_computed : m_computed.to(torch::kFloat32);
    m_first = torch::zeros_like(m_values);
    m_second = torch::zeros_like(m_values);
    if (averaged)
        m_average = m_values.clone();
}

std::pair<std::int64_t, std::int64_t> FlatParameters::range(std::size_t parameter) const {
    return {m_begin[parameter], m_begin[parameter + 1]};
}

double FlatParameters::norm(double scale) const {
    const torch::NoGradGuard noGrad;
    auto sum = torch::zeros({}, m_values.options().dtype(torch::kFloat64));
    inPieces(m_gradients, [&](std::int64_t begin, std::int64_t count) {
        sum +=
            m_gradients.narrow(0, begin, count).to(torch::kFloat32).square().sum(torch::kFloat64);
    });
    return std::sqrt(sum.item<double>()) * scale;
}

void FlatParameters::update(const UpdateRule& rule, double scale) {
    const torch::NoGradGuard noGrad;
    const double small1 = 1 - std::pow(rule.beta1, double(rule.number));
    const double small2 = 1 - std::pow(rule.beta2, double(rule.number));
    inPieces(m_values, [&](std::int64_t begin, std::int64_t count) {
        const auto part = [&](const torch::Tensor& row) { return row.narrow(0, begin, count); };
        const auto gradient = part(m_gradients).to(torch::kFloat32) * scale;
        auto first = part(m_first), second = part(m_second), values = part(m_values);
        first.mul_(rule.beta1).add_(gradient, 1 - rule.beta1);
        second.mul_(rule.beta2).addcmul_(gradient, gradient, 1 - rule.beta2);
        const auto spread = second.sqrt().div_(std::sqrt(small2)).add_(rule.epsilon);
        values.mul_(1 - rule.rate * rule.weightDecay);
        values.addcdiv_(first, spread, -rule.rate / small1);
    });
    valuesChanged();
}

void FlatParameters::average(double decay) {
    const torch::NoGradGuard noGrad;
    if (m_average.defined())
        m_average.lerp_(m_values, 1 - decay);
}

void FlatParameters::swapAverage() {
    const torch::NoGradGuard noGrad;
    if (!m_average.defined())
        return;
    const auto values = m_values.clone();
    m_values.copy_(m_average);
    m_average.copy_(values);
    valuesChanged();
}

NamedTensors FlatParameters::state() const {
    NamedTensors out;
    const std::pair<const char*, const torch::Tensor*> rows[] = {{"value/", &m_values},
                                                                 {"first/", &m_first},
                                                                 {"second/", &m_second},
                                                                 {"average/", &m_average}};
    for (const auto& [prefix, row] : rows)
        for (std::size_t i = 0; row->defined() && i < m_parameters.size(); ++i) {
            const auto& [name, parameter] = m_parameters[i];
            out.emplace_back(prefix + name,
                             row->narrow(0, m_begin[i], parameter.numel()).view(parameter.sizes()));
        }
    return out;
}

void FlatParameters::valuesChanged() {
    const torch::NoGradGuard noGrad;
    if (!m_computed.is_same(m_values))
        m_computed.copy_(m_values);
}

} // namespace strata
