// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glm/glm.hpp>

#include <cstdint>
#include <string_view>

namespace strata {

/// Random numbers that are the same on every machine (SplitMix64 of G. Steele and others, 2014).
/// C++ does not say in which order a function's arguments are found: never draw two numbers in the
/// arguments of one call; inside braces the order is fixed.
class RandomStream {
public:
    /// Streams of different seeds and purposes have nothing to do with each other.
    explicit RandomStream(std::uint64_t seed, std::uint64_t purpose = 0)
        : m_state(mixed(mixed(seed + kStep) + purpose)) {}

    std::uint64_t next() { return mixed(m_state += kStep); }
    /// Uniform in [low, high).
    float uniform(float low = 0.f, float high = 1.f) {
        return low + (high - low) * float(next() >> 40) * (1.f / 16777216.f);
    }
    bool chance(float probability) { return uniform() < probability; }
    /// In [low, high) or as far below 0.
    float eitherSign(float low, float high) {
        const float size = uniform(low, high);
        return chance(0.5f) ? -size : size;
    }
    /// 0..1, small numbers more often.
    float small() {
        const float first = uniform();
        return first * uniform();
    }
    /// 0 .. count - 1; count must be positive.
    std::size_t below(std::size_t count) { return std::size_t(next() % count); }
    /// Mean 0, deviation 1, within +-3.5: a sum of four uniform numbers.
    float normal() {
        float sum = -2.f;
        for (int i = 0; i < 4; ++i)
            sum += uniform();
        return sum * 1.7320508f;
    }
    glm::vec3 inBox(const glm::vec3& low, const glm::vec3& high) {
        return {uniform(low.x, high.x), uniform(low.y, high.y), uniform(low.z, high.z)};
    }

private:
    static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ull;

    static constexpr std::uint64_t mixed(std::uint64_t z) {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return z ^ (z >> 31);
    }

    std::uint64_t m_state;
};

/// Which side of the division a thing is on. What is held out is never trained on.
enum class Split { Train, HeldOut };

/// A fifth of all names is held out, by a hash of the name alone (FNV-1a).
inline Split splitOf(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (const char c : name)
        hash = (hash ^ std::uint8_t(c)) * 0x100000001b3ull;
    return RandomStream(hash).next() % 5 == 0 ? Split::HeldOut : Split::Train;
}

} // namespace strata
