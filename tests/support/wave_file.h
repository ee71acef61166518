// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace strata::test {

/// The bytes of a WAVE file, 16-bit PCM: `sample(i, channel)` for i below `samples`, of which the
/// low 16 bits are kept.
template <typename Sample>
std::string waveFile(int rate, int channels, int samples, Sample&& sample) {
    std::string bytes;
    const auto put = [&](int value, int count) {
        for (int i = 0; i < count; ++i)
            bytes.push_back(char(std::uint32_t(value) >> 8 * i));
    };
    const int pair = 2 * channels;
    bytes += "RIFF";
    put(36 + samples * pair, 4);
    bytes += "WAVEfmt ";
    put(16, 4), put(1, 2), put(channels, 2), put(rate, 4), put(rate * pair, 4);
    put(pair, 2), put(16, 2);
    bytes += "data";
    put(samples * pair, 4);
    for (int i = 0; i < samples; ++i)
        for (int channel = 0; channel < channels; ++channel)
            put(sample(i, channel), 2);
    return bytes;
}

} // namespace strata::test
