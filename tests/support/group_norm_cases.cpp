// SPDX-License-Identifier: Apache-2.0
#include "tests/support/kernel_cases.h"

#include "engine/formats/half.h"
#include "engine/nn/cuda/group_norm_kernel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

namespace strata::test {
namespace {

using cuda::GroupNormShape;
using cuda::Number;

std::uint16_t toBFloat(float x) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    return std::uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

std::uint16_t narrow(float x, Number type) {
    return type == Number::Half ? floatToHalf(x) : toBFloat(x);
}

float wide(std::uint16_t x, Number type) {
    return type == Number::Half ? halfToFloat(x) : bfloatToFloat(x);
}

/// Values in the type of a case, and what they are as floats.
struct Values {
    std::vector<float> floats;
    std::vector<std::uint16_t> halves;

    Values(std::size_t count, Number type, unsigned seed, float centre, float spread) {
        std::mt19937 random(seed);
        std::normal_distribution<float> normal(centre, spread);
        floats.resize(count);
        std::generate(floats.begin(), floats.end(), [&] { return normal(random); });
        if (type == Number::Float)
            return;
        for (float& x : floats) {
            halves.push_back(narrow(x, type));
            x = wide(halves.back(), type);
        }
    }
    void* upload(DeviceMemory& device) const {
        return halves.empty() ? static_cast<void*>(device.upload<float>(floats))
                              : static_cast<void*>(device.upload<std::uint16_t>(halves));
    }
};

std::vector<double> expected(const GroupNormShape& s, const Values& x, const Values& weight,
                             const Values& bias) {
    std::vector<double> out(x.floats.size());
    const auto each = s.channels / s.groups;
    for (std::int64_t n = 0; n < s.pictures; ++n)
        for (std::int64_t g = 0; g < s.groups; ++g) {
            const auto at = [&](std::int64_t c, std::int64_t p) {
                return std::size_t(n * s.channels * s.pixels +
                                   (s.channelsLast ? p * s.channels + c : c * s.pixels + p));
            };
            const auto visit = [&](const auto& use) {
                for (auto c = g * each; c < (g + 1) * each; ++c)
                    for (std::int64_t p = 0; p < s.pixels; ++p)
                        use(at(c, p), std::size_t(c));
            };
            const double count = double(each * s.pixels);
            double mean = 0, variance = 0;
            visit([&](std::size_t i, std::size_t) { mean += x.floats[i] / count; });
            visit([&](std::size_t i, std::size_t) {
                variance += (x.floats[i] - mean) * (x.floats[i] - mean) / count;
            });
            const double factor = 1 / std::sqrt(variance + double(s.epsilon));
            visit([&](std::size_t i, std::size_t c) {
                const double y = (x.floats[i] - mean) * factor * weight.floats[c] + bias.floats[c];
                out[i] = s.silu ? y / (1 + std::exp(-y)) : y;
            });
        }
    return out;
}

std::string nameOf(const GroupNormShape& s, float centre, float spread) {
    const char* types[] = {"float", "half", "bfloat16"};
    return std::to_string(s.pictures) + "x" + std::to_string(s.channels) + "x" +
           std::to_string(s.pixels) + " in " + std::to_string(s.groups) + " groups, " +
           types[int(s.type)] + (s.channelsLast ? ", channels last" : "") +
           (s.silu ? ", SiLU" : "") + ", values " + std::to_string(centre) + " +- " +
           std::to_string(spread);
}

KernelResult compare(DeviceMemory& device, const GroupNormShape& s, float centre, float spread) {
    const auto count = std::size_t(s.pictures * s.channels * s.pixels);
    const Values x(count, s.type, 1, centre, spread);
    const Values weight(std::size_t(s.channels), s.type, 2, 1, 0.25f);
    const Values bias(std::size_t(s.channels), s.type, 3, 0, 0.15f);
    KernelResult result{nameOf(s, centre, spread), 0, 0, {}};
    void* to = x.upload(device); // in its own place
    void* work = device.take(cuda::groupNormWorkBytes(s));
    const void* w = weight.upload(device);
    const void* b = bias.upload(device);
    if (!cuda::groupNormFits(s))
        result.trouble = "the kernel refuses this shape";
    else if (!to || !work || !w || !b)
        result.trouble = "there is not enough memory";
    else if (const char* error = cuda::groupNorm(s, to, w, b, to, work, device.stream()))
        result.trouble = error;
    if (!result.trouble.empty())
        return result;
    const auto wanted = expected(s, x, weight, bias);
    std::vector<float> given;
    if (s.type == Number::Float)
        given = device.download(static_cast<const float*>(to), count);
    else
        for (const auto half : device.download(static_cast<const std::uint16_t*>(to), count))
            given.push_back(wide(half, s.type));
    double size = 0, worst = given.size() == wanted.size() ? 0 : HUGE_VAL;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const double miss = std::abs(given[i] - wanted[i]);
        worst = miss <= worst ? worst : miss;
        size = std::max(size, std::abs(wanted[i]));
    }
    result.worst = worst / size;
    result.limit = s.type == Number::Float ? 2e-6 : s.type == Number::Half ? 1e-3 : 8e-3;
    return result;
}

} // namespace

std::vector<KernelResult> groupNormCases(DeviceMemory& device, bool large) {
    std::vector<GroupNormShape> shapes;
    for (const bool last : {false, true}) {
        for (const auto type : {Number::Float, Number::Half, Number::BFloat16}) {
            shapes.push_back({2, 64, 37, 32, type, last, true, 1e-5f});
            shapes.push_back({3, 320, 16, 32, type, last, false, 1e-6f});
            shapes.push_back({1, 33, 21, 3, type, last, true, 1e-5f}); // no wide loads
        }
        shapes.push_back({1, 2560, 40, 32, Number::Float, last, true, 1e-5f});
        shapes.push_back({1, 2304, 4, 32, Number::Half, last, true, 1e-5f});
        shapes.push_back({1, 128, 4096, 32, Number::Float, last, true, 1e-6f});
        if (large)
            for (const auto type : {Number::Float, Number::Half, Number::BFloat16}) {
                shapes.push_back({8, 320, 98 * 98, 32, type, last, true, 1e-5f});
                shapes.push_back({1, 128, 784 * 784, 32, type, last, true, 1e-6f});
            }
    }
    std::vector<KernelResult> results;
    for (const GroupNormShape& shape : shapes) {
        results.push_back(compare(device, shape, 0.1f, 1.f));
        if (shape.type == Number::Float) {
            results.push_back(compare(device, shape, 0.f, 1e-3f)); // epsilon shows
            results.push_back(compare(device, shape, 30.f, 1.f));
        }
    }
    return results;
}

} // namespace strata::test
