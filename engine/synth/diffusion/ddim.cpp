// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/ddim.h"

#include "engine/core/parallel.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>

namespace strata {
namespace {

/// Values from `start` to `end` in equal float steps, counted from the nearer end. Rounded as
/// LibTorch's linspace does on processors with eight float lanes, which the published numbers come
/// from: one fused product per block of eight, lanes added to it.
std::vector<float> evenlySpaced(float start, float end, int count) {
    constexpr int kLanes = 8;
    std::vector<float> values(static_cast<std::size_t>(count), start);
    if (count < 2)
        return values;
    const float step = (end - start) / float(count - 1);
    const int blocked = count / (2 * kLanes) * (2 * kLanes);
    for (int i = 0; i < count; ++i) {
        const int base = i < blocked ? i / kLanes * kLanes : i;
        const float first = base < count / 2 ? std::fma(step, float(base), start)
                                             : std::fma(-step, float(count - 1 - base), end);
        values[std::size_t(i)] = first + float(i - base) * step;
    }
    return values;
}

/// Running product of 1 - beta, summed up in double and stored in float.
std::vector<float> remainingSignal(const std::vector<float>& betas) {
    std::vector<float> out(betas.size());
    double product = 1.0;
    for (std::size_t i = 0; i < betas.size(); ++i) {
        product *= double(1.f - betas[i]);
        out[i] = float(product);
    }
    return out;
}

/// Betas whose last timestep keeps nothing of the picture, and whose first is as before.
std::vector<float> withoutTerminalSignal(const std::vector<float>& betas) {
    std::vector<float> root = remainingSignal(betas);
    for (float& value : root)
        value = std::sqrt(value);
    const float first = root.front(), last = root.back();
    const float scale = first / (first - last);
    for (float& value : root) {
        value = (value - last) * scale;
        value = value * value;
    }
    std::vector<float> out(betas.size());
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = 1.f - (i == 0 ? root[0] : root[i] / root[i - 1]);
    return out;
}

struct StepFactors {
    float signal, noise;         // of x
    float nextSignal, nextNoise; // of what comes out
};

void stepFloat(const StepFactors& f, std::span<const float> v, std::span<float> x, float* clean) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float picture = f.signal * x[i] - f.noise * v[i];
        const float noise = f.signal * v[i] + f.noise * x[i];
        x[i] = f.nextSignal * picture + f.nextNoise * noise;
        if (clean)
            clean[i] = picture;
    }
}

void stepHalf(const StepFactors& f, std::span<const float> v, std::span<float> x, float* clean) {
    const auto h = roundedToHalf;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float picture = h(h(f.signal * x[i]) - h(f.noise * v[i]));
        const float noise = h(h(f.signal * v[i]) + h(f.noise * x[i]));
        x[i] = h(h(f.nextSignal * picture) + h(f.nextNoise * noise));
        if (clean)
            clean[i] = picture;
    }
}

} // namespace

DdimSchedule::DdimSchedule(const NoiseScheduleConfig& config)
    : m_trainSteps(std::max(1, config.trainSteps))
    , m_betas(evenlySpaced(float(std::sqrt(config.betaStart)), float(std::sqrt(config.betaEnd)),
                           m_trainSteps)) {
    for (float& beta : m_betas)
        beta *= beta;
    if (config.zeroTerminalSnr && m_trainSteps > 1)
        m_betas = withoutTerminalSignal(m_betas);
    m_signal = remainingSignal(m_betas);
}

float DdimSchedule::signalVariance(int timestep) const {
    return timestep < 0 ? 1.f : m_signal[std::size_t(std::min(timestep, m_trainSteps - 1))];
}

Result<std::vector<int>> DdimSchedule::timesteps(int steps) const {
    if (steps < 1 || steps > m_trainSteps)
        return Error{ErrorCode::Usage, "The number of denoising steps must lie between 1 and " +
                                           std::to_string(m_trainSteps) + "."};
    const double spacing = double(m_trainSteps) / steps;
    std::vector<int> out;
    for (int i = 0; i < steps; ++i) // nearbyint rounds half to even
        out.push_back(int(std::nearbyint(m_trainSteps - i * spacing)) - 1);
    return out;
}

void DdimSchedule::step(int timestep, int steps, std::span<const float> v, std::span<float> x,
                        std::span<float> clean, Arithmetic arithmetic) const {
    assert(v.size() == x.size() && (clean.empty() || clean.size() == x.size()));
    const float now = signalVariance(timestep);
    const float next = signalVariance(timestep - m_trainSteps / steps);
    StepFactors factors{std::sqrt(now), std::sqrt(1.f - now), std::sqrt(next),
                        std::sqrt(1.f - next)};
    if (arithmetic == Arithmetic::HalfOnCpu)
        for (float* factor :
             {&factors.signal, &factors.noise, &factors.nextSignal, &factors.nextNoise})
            *factor = roundedToHalf(*factor);
    constexpr std::int64_t kGrain = 1 << 16;
    parallelFor(0, std::int64_t(x.size()), kGrain, [&](std::int64_t begin, std::int64_t end) {
        const auto at = std::size_t(begin), count = std::size_t(end - begin);
        float* cleanPart = clean.empty() ? nullptr : clean.data() + at;
        (isHalf(arithmetic) ? stepHalf : stepFloat)(factors, v.subspan(at, count),
                                                    x.subspan(at, count), cleanPart);
    });
}

} // namespace strata
