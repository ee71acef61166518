// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

namespace strata {

struct Size {
    int width = 0;
    int height = 0;
    constexpr bool operator==(const Size&) const = default;
};

/// Half-open pixel rectangle [x0, x1) x [y0, y1); pixel (0, 0) is the top left one.
struct RectI {
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    constexpr int width() const { return x1 - x0; }
    constexpr int height() const { return y1 - y0; }
    constexpr bool empty() const { return x1 <= x0 || y1 <= y0; }
    constexpr bool operator==(const RectI&) const = default;
};

/// Dense image: rows from the top, pixels interleaved, no padding between rows.
/// 8- and 16-bit colour is sRGB-encoded RGB (not BGR) unless a function says otherwise; alpha and
/// masks have one channel with 0 = outside, full scale = inside; float images say their range where
/// they are made.
template <typename T>
class Image {
public:
    Image() = default;
    Image(int width, int height, int channels, T fill = T{})
        : m_width(width)
        , m_height(height)
        , m_channels(channels)
        , m_pixels(std::size_t(width) * height * channels, fill) {}

    int width() const { return m_width; }
    int height() const { return m_height; }
    int channels() const { return m_channels; }
    Size size() const { return {m_width, m_height}; }
    bool empty() const { return m_pixels.empty(); }
    std::size_t count() const { return m_pixels.size(); }
    std::size_t bytes() const { return m_pixels.size() * sizeof(T); }

    T* data() { return m_pixels.data(); }
    const T* data() const { return m_pixels.data(); }
    T* row(int y) { return m_pixels.data() + std::size_t(y) * m_width * m_channels; }
    const T* row(int y) const { return m_pixels.data() + std::size_t(y) * m_width * m_channels; }
    T* pixel(int x, int y) { return row(y) + std::size_t(x) * m_channels; }
    const T* pixel(int x, int y) const { return row(y) + std::size_t(x) * m_channels; }
    T& at(int x, int y, int c = 0) {
        assert(x >= 0 && x < m_width && y >= 0 && y < m_height && c < m_channels);
        return pixel(x, y)[c];
    }
    const T& at(int x, int y, int c = 0) const { return const_cast<Image*>(this)->at(x, y, c); }

    bool operator==(const Image&) const = default;

private:
    int m_width = 0;
    int m_height = 0;
    int m_channels = 0;
    std::vector<T> m_pixels;
};

using ImageU8 = Image<std::uint8_t>;
using ImageU16 = Image<std::uint16_t>;
using ImageF = Image<float>;

} // namespace strata
