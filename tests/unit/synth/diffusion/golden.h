// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/formats/npz.h"
#include "engine/synth/diffusion/frame_stack.h"

#include <QTest>

#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Numbers that the published system gave: all of them where ../shared is there, otherwise the part
/// in tests/golden/diffusion. STRATA_SHIPPED_GOLDEN in the environment takes the part in any case.
inline std::optional<strata::ArrayMap> golden(const std::string& name) {
    const std::filesystem::path root(STRATA_SOURCE_DIR);
    std::vector<std::filesystem::path> folders{root / "tests" / "golden" / "diffusion"};
    if (!qEnvironmentVariableIsSet("STRATA_SHIPPED_GOLDEN"))
        folders.insert(folders.begin(), root / ".." / "shared" / "golden" / "tiny");
    for (const auto& folder : folders) {
        const auto file = folder / (name + ".npz");
        if (!std::filesystem::exists(file))
            continue;
        auto arrays = strata::readNpz(file);
        if (arrays)
            return std::move(*arrays);
        qWarning("%s", arrays.error().message.c_str());
    }
    return std::nullopt;
}

#define NEEDS_GOLDEN(variable, name)                                                               \
    const auto variable##File = golden(name);                                                      \
    if (!variable##File)                                                                           \
        QSKIP("the numbers of this case are not here");                                            \
    const strata::ArrayMap& variable = *variable##File

inline strata::ImageU8 imageOf(const strata::Array& array, std::int64_t frame = -1) {
    const std::size_t skip = frame < 0 ? 0 : 1;
    const auto& s = array.shape;
    const int channels = s.size() > 2 + skip ? int(s[2 + skip]) : 1;
    strata::ImageU8 out(int(s[1 + skip]), int(s[skip]), channels);
    const auto* from = reinterpret_cast<const std::uint8_t*>(array.bytes.data());
    std::copy_n(from + (frame < 0 ? 0 : std::size_t(frame) * out.count()), out.count(), out.data());
    return out;
}

/// [1, C, F, H, W] or [C, F, H, W] to frames.
inline strata::FrameStack stackOf(const strata::Array& array, std::size_t offset = 0) {
    const auto n = array.shape.size();
    const int channels = int(array.shape[n - 4]), frames = int(array.shape[n - 3]);
    const int height = int(array.shape[n - 2]), width = int(array.shape[n - 1]);
    strata::FrameStack out(frames, {channels, height, width});
    const auto values = array.toFloats();
    const auto plane = std::size_t(height) * std::size_t(width);
    for (int c = 0; c < channels; ++c)
        for (int f = 0; f < frames; ++f)
            std::copy_n(values.data() + offset * out.values().size() +
                            std::size_t(c * frames + f) * plane,
                        plane, out.frame(f).data() + std::size_t(c) * plane);
    return out;
}

struct Difference {
    double largest = 0.0, mean = 0.0;
};

template <typename A, typename B>
Difference difference(const A& a, const B& b, const char* what) {
    Difference d;
    if (std::size(a) != std::size(b)) {
        qWarning("%s: %zu values against %zu", what, std::size(a), std::size(b));
        return {1e30, 1e30};
    }
    for (std::size_t i = 0; i < std::size(a); ++i) {
        const double one = std::abs(double(a[i]) - double(b[i]));
        d.largest = one > d.largest || std::isnan(one) ? one : d.largest;
        d.mean += one / double(std::size(a));
    }
    qInfo("%s: max %.3g mean %.3g", what, d.largest, d.mean);
    return d;
}
