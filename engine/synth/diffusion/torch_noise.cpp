// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/torch_noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace strata {
namespace {

constexpr int kStateSize = 624;
constexpr int kShift = 397;
constexpr int kBlock = 16; // numbers that are made together from as many uniform ones

void boxMullerFloat(float* block) {
    for (int i = 0; i < kBlock / 2; ++i) {
        const float radius = std::sqrt(-2.f * std::log(1.f - block[i]));
        const float angle = 2.f * std::numbers::pi_v<float> * block[i + kBlock / 2];
        block[i] = radius * std::cos(angle);
        block[i + kBlock / 2] = radius * std::sin(angle);
    }
}

void boxMullerHalf(float* block) {
    const auto h = roundedToHalf;
    for (int i = 0; i < kBlock / 2; ++i) {
        const float u = h(1.f - block[i]);
        const float radius = h(std::sqrt(-2.f * std::log(u)));
        const float angle = h(float(2.0 * std::numbers::pi * double(block[i + kBlock / 2])));
        block[i] = h(radius * std::cos(angle));
        block[i + kBlock / 2] = h(radius * std::sin(angle));
    }
}

} // namespace

TorchNormals::TorchNormals(std::uint64_t seed) {
    m_state[0] = std::uint32_t(seed);
    for (std::uint32_t i = 1; i < kStateSize; ++i)
        m_state[i] = 1812433253u * (m_state[i - 1] ^ (m_state[i - 1] >> 30)) + i;
}

void TorchNormals::refill() {
    for (int i = 0; i < kStateSize; ++i) {
        const std::uint32_t joined = (m_state[std::size_t(i)] & 0x80000000u) |
                                     (m_state[std::size_t((i + 1) % kStateSize)] & 0x7fffffffu);
        m_state[std::size_t(i)] = m_state[std::size_t((i + kShift) % kStateSize)] ^ (joined >> 1) ^
                                  (joined & 1u ? 0x9908b0dfu : 0u);
    }
    m_used = 0;
}

std::uint32_t TorchNormals::next() {
    if (m_used == kStateSize)
        refill();
    std::uint32_t y = m_state[std::size_t(m_used++)];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

float TorchNormals::uniform(Arithmetic arithmetic) {
    const int bits = isHalf(arithmetic) ? 11 : 24;
    return float(next() & ((1u << bits) - 1u)) / float(1u << bits);
}

double TorchNormals::uniformDouble() {
    const std::uint64_t high = next();
    const std::uint64_t both = high << 32 | next();
    return double(both & ((1ull << 53) - 1)) / double(1ull << 53);
}

/// Short arrays are drawn in double, two numbers at a time; the second one is kept for later.
void TorchNormals::fillFew(std::span<float> out, Arithmetic arithmetic) {
    for (float& value : out) {
        double normal = m_spare;
        if (!m_hasSpare) {
            const double angle = 2.0 * std::numbers::pi * uniformDouble();
            const double radius = std::sqrt(-2.0 * std::log1p(-uniformDouble()));
            m_spare = radius * std::sin(angle);
            normal = radius * std::cos(angle);
        }
        m_hasSpare = !m_hasSpare;
        value = isHalf(arithmetic) ? roundedToHalf(float(normal)) : float(normal);
    }
}

void TorchNormals::fill(std::span<float> out, Arithmetic arithmetic) {
    if (out.size() < kBlock)
        return fillFew(out, arithmetic);
    const auto transform = isHalf(arithmetic) ? boxMullerHalf : boxMullerFloat;
    for (float& value : out)
        value = uniform(arithmetic);
    for (std::size_t at = 0; at + kBlock <= out.size(); at += kBlock)
        transform(out.data() + at);
    if (out.size() % kBlock != 0) { // the last block overlaps the one before, with new numbers
        float* last = out.data() + out.size() - kBlock;
        for (int i = 0; i < kBlock; ++i)
            last[i] = uniform(arithmetic);
        transform(last);
    }
}

FrameStack releaseNoise(TorchNormals& normals, int frames, FrameShape shape,
                        Arithmetic arithmetic) {
    FrameStack out(frames, shape);
    std::vector<float> drawn(out.values().size());
    normals.fill(drawn, arithmetic);
    const std::size_t plane = std::size_t(shape.height) * std::size_t(shape.width);
    for (int c = 0; c < shape.channels; ++c)
        for (int f = 0; f < frames; ++f)
            std::copy_n(drawn.data() +
                            (std::size_t(c) * std::size_t(frames) + std::size_t(f)) * plane,
                        plane, out.frame(f).data() + std::size_t(c) * plane);
    return out;
}

} // namespace strata
