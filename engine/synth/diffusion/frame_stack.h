// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace strata {

/// Extents of one frame of a FrameStack.
struct FrameShape {
    int channels = 0;
    int height = 0;
    int width = 0;
    constexpr std::size_t count() const {
        return std::size_t(channels) * std::size_t(height) * std::size_t(width);
    }
    constexpr bool operator==(const FrameShape&) const = default;
};

/// Frames as networks take them: [frames, channels, height, width], float, C order. Latents,
/// pictures for the VAE and the like; what the values mean is said where they are made.
class FrameStack {
public:
    FrameStack() = default;
    FrameStack(int frames, FrameShape shape, float fill = 0.f)
        : m_frames(frames)
        , m_shape(shape)
        , m_values(std::size_t(frames) * shape.count(), fill) {}

    int frames() const { return m_frames; }
    FrameShape shape() const { return m_shape; }
    bool empty() const { return m_values.empty(); }

    std::vector<float>& values() { return m_values; }
    const std::vector<float>& values() const { return m_values; }
    std::span<float> frame(int index) {
        return {m_values.data() + std::size_t(index) * m_shape.count(), m_shape.count()};
    }
    std::span<const float> frame(int index) const {
        return {m_values.data() + std::size_t(index) * m_shape.count(), m_shape.count()};
    }

    bool sameShape(const FrameStack& other) const {
        return m_frames == other.m_frames && m_shape == other.m_shape;
    }
    bool operator==(const FrameStack&) const = default;

private:
    int m_frames = 0;
    FrameShape m_shape;
    std::vector<float> m_values;
};

} // namespace strata
