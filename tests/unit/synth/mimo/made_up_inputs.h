// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/mimo/mimo_backend.h"

#include <cmath>
#include <numeric>

namespace strata::test {

/// Even in ±scale, always the same.
inline FrameStack evenStack(int frames, FrameShape shape, float scale, std::uint32_t seed = 12345) {
    FrameStack out(frames, shape);
    for (float& value : out.values()) {
        seed = seed * 1664525u + 1013904223u;
        value = scale * (float(seed >> 8) / float(1 << 24) * 2 - 1);
    }
    return out;
}

/// Pictures of -1..1 that are smooth but for an edge, and differ from frame to frame.
inline FrameStack smoothPictures(int frames, Size size) {
    FrameStack out(frames, {3, size.height, size.width});
    for (int f = 0; f < frames; ++f) {
        auto at = out.frame(f).begin();
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x)
                    *at++ = 0.5f * std::sin(0.05f * float(x * (c + 1) + f * 9)) *
                                std::cos(0.04f * float(y + 7 * c)) +
                            (x + y > size.width + f ? 0.3f : -0.2f);
    }
    return out;
}

inline ConditionInput madeUpConditions(const nn::MimoConfig& config, int frames, Size size) {
    ConditionInput input{
        evenStack(frames, {int(config.pose.inChannels), size.height, size.width}, 0.5f),
        smoothPictures(frames, size),
        {}};
    for (float& value : input.pose.values())
        value += 0.5f;
    return input;
}

/// An identity and conditions of all frames.
inline Status giveMadeUp(MimoBackend& backend, const nn::MimoConfig& config, int frames,
                         Size size) {
    const int side = int(config.clip.image);
    STRATA_TRY(
        backend.setReference({smoothPictures(1, size), evenStack(1, {3, side, side}, 1.5f)}, {}));
    STRATA_TRY(backend.beginClip(frames, size));
    return backend.setConditions(0, madeUpConditions(config, frames, size), {});
}

/// One window of all frames, with guidance.
inline PredictionRequest wholeWindow(int frames, FrameShape latent) {
    PredictionRequest request;
    request.frames.resize(std::size_t(frames));
    std::iota(request.frames.begin(), request.frames.end(), 0);
    request.timestep = 501;
    request.latents = evenStack(frames, latent, 1.5f, 99);
    request.withoutIdentity = true;
    return request;
}

/// Of values between 0 and 1.
inline double psnr(const FrameStack& a, const FrameStack& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.values().size(); ++i)
        sum += std::pow(double(a.values()[i]) - double(b.values()[i]), 2);
    return sum > 0 ? 10 * std::log10(double(a.values().size()) / sum) : 200;
}

inline double largestDifference(const FrameStack& a, const FrameStack& b) {
    double most = a.sameShape(b) ? 0 : 1e9;
    for (std::size_t i = 0; i < a.values().size() && most < 1e9; ++i)
        most = std::max(most, std::abs(double(a.values()[i]) - double(b.values()[i])));
    return most;
}

} // namespace strata::test
