// SPDX-License-Identifier: Apache-2.0
#include "engine/media/yuv_math.h"
#include "engine/media/yuv_rgb.h"

#include <vector>

namespace strata::media {
namespace {

/// Least squares for "one sample becomes two": with U the upsampling, solves (U'U) c = U'x. U'U has
/// three diagonals; the elimination's factors depend on the length alone.
class Halving {
public:
    Halving(int length, Upsampling up)
        : m_up(up)
        , m_count((length + 1) / 2)
        , m_length(length) {
        std::vector<float> diagonal(std::size_t(m_count), 0.0f);
        m_off.assign(std::size_t(m_count), 0.0f);
        for (int k = 0; k < length; ++k) {
            const auto [i, other, w] = tap(k);
            diagonal[std::size_t(i)] += (1 - w) * (1 - w);
            diagonal[std::size_t(other)] += w * w;
            m_off[std::size_t(std::min(i, other))] += i == other ? 0.0f : w * (1 - w);
        }
        m_inverse.resize(std::size_t(m_count));
        float previous = 0.0f;
        for (std::size_t i = 0; i < m_inverse.size(); ++i) {
            const float coupling = i ? m_off[i - 1] : 0.0f;
            m_inverse[i] = 1.0f / (diagonal[i] - coupling * coupling * previous);
            previous = m_inverse[i];
        }
    }

    struct Tap {
        int near, far;
        float weight; // of far
    };
    /// What full-size position k is made of.
    Tap tap(int k) const {
        const int i = k / 2;
        const int other = k % 2 ? i + 1 : i - 1;
        const float w = k % 2 ? m_up.odd : m_up.even;
        return other < 0 || other >= m_count ? Tap{i, i, 0.0f} : Tap{i, other, w};
    }
    int count() const { return m_count; }
    int length() const { return m_length; }
    float inverse(int i) const { return m_inverse[std::size_t(i)]; }
    /// Coupling of i and i + 1.
    float off(int i) const { return m_off[std::size_t(i)]; }

private:
    Upsampling m_up;
    int m_count;
    int m_length;
    std::vector<float> m_off;
    std::vector<float> m_inverse;
};

STRATA_WIDE void addScaled(float* to, const float* from, float scale, int count) {
    for (int x = 0; x < count; ++x)
        to[x] += from[x] * scale;
}

STRATA_WIDE void scaleRow(float* row, float scale, int count) {
    for (int x = 0; x < count; ++x)
        row[x] *= scale;
}

void halveRow(const Halving& h, const float* in, float* out) {
    std::fill_n(out, h.count(), 0.0f);
    for (int k = 0; k < h.length(); ++k) {
        const auto [near, far, w] = h.tap(k);
        out[near] += in[k] * (1 - w);
        out[far] += in[k] * w;
    }
    for (int i = 1; i < h.count(); ++i)
        out[i] -= h.off(i - 1) * h.inverse(i - 1) * out[i - 1];
    out[h.count() - 1] *= h.inverse(h.count() - 1);
    for (int i = h.count() - 2; i >= 0; --i)
        out[i] = (out[i] - h.off(i) * out[i + 1]) * h.inverse(i);
}

/// The same down the columns, whole rows at a time; `rows` are h.length() rows of `width`.
std::vector<float> halveColumns(const Halving& h, const std::vector<float>& rows, int width) {
    const auto w = std::size_t(width);
    std::vector<float> out(std::size_t(h.count()) * w, 0.0f);
    const auto row = [&](int i) { return out.data() + std::size_t(i) * w; };
    for (int k = 0; k < h.length(); ++k) {
        const auto [near, far, weight] = h.tap(k);
        const float* in = rows.data() + std::size_t(k) * w;
        addScaled(row(near), in, 1 - weight, width);
        if (weight != 0.0f)
            addScaled(row(far), in, weight, width);
    }
    for (int i = 1; i < h.count(); ++i)
        addScaled(row(i), row(i - 1), -h.off(i - 1) * h.inverse(i - 1), width);
    scaleRow(row(h.count() - 1), h.inverse(h.count() - 1), width);
    for (int i = h.count() - 2; i >= 0; --i) {
        addScaled(row(i), row(i + 1), -h.off(i), width);
        scaleRow(row(i), h.inverse(i), width);
    }
    return out;
}

template <typename T>
STRATA_WIDE void splitRow(const T* rgb, int width, const YuvScale& s, float unit, float* y,
                          float* u, float* v) {
    const float cb = s.chromaSpan / (2.0f * (1.0f - s.kb));
    const float cr = s.chromaSpan / (2.0f * (1.0f - s.kr));
    for (int x = 0; x < width; ++x) {
        const float r = float(rgb[3 * x]) * unit;
        const float g = float(rgb[3 * x + 1]) * unit;
        const float b = float(rgb[3 * x + 2]) * unit;
        const float luma = s.kr * r + s.kg * g + s.kb * b;
        y[x] = luma * s.lumaSpan;
        u[x] = (b - luma) * cb;
        v[x] = (r - luma) * cr;
    }
}

template <typename S>
STRATA_WIDE void storeRow(const float* in, float offset, float top, int width, S* out) {
    for (int x = 0; x < width; ++x)
        out[x] = S(int(std::min(std::max(in[x] + offset + 0.5f, 0.0f), top + 0.49f)));
}

template <typename S, typename T>
void convertPicture(const Image<T>& rgb, const YuvLayout& layout, ColorTags color,
                    const YuvPlanes& planes) {
    const YuvScale s(color, layout.depth);
    const float unit = 1.0f / float(T(~T(0)));
    const int width = rgb.width();
    const int height = rgb.height();
    const Halving across(width, Upsampling(layout.leftSited));
    const Halving down(height, Upsampling(layout.topSited));
    const int cw = layout.halvedX ? across.count() : width;
    std::vector<float> line(std::size_t(width) * 3);
    std::array<std::vector<float>, 2> chroma;
    chroma.fill(std::vector<float>(std::size_t(cw) * std::size_t(height)));

    const auto rowOf = [&](int plane, int y) {
        const std::ptrdiff_t offset = planes.stride[std::size_t(plane)] * y;
        return reinterpret_cast<S*>(planes.data[std::size_t(plane)] + offset);
    };
    float* const parts[3] = {line.data(), line.data() + width, line.data() + 2 * width};
    for (int y = 0; y < height; ++y) {
        splitRow(rgb.row(y), width, s, unit, parts[0], parts[1], parts[2]);
        storeRow(parts[0], s.black, s.top, width, rowOf(0, y));
        for (int c = 0; c < 2; ++c) {
            float* const target = chroma[std::size_t(c)].data() + std::size_t(y) * std::size_t(cw);
            if (layout.halvedX)
                halveRow(across, parts[c + 1], target);
            else
                std::copy_n(parts[c + 1], width, target);
        }
    }
    for (int c = 0; c < 2; ++c) {
        auto& plane = chroma[std::size_t(c)];
        if (layout.halvedY)
            plane = halveColumns(down, plane, cw);
        const int ch = layout.halvedY ? down.count() : height;
        for (int y = 0; y < ch; ++y)
            storeRow(plane.data() + std::size_t(y) * std::size_t(cw), s.middle, s.top, cw,
                     rowOf(c + 1, y));
    }
}

} // namespace

template <typename T>
void rgbToYuv(const Image<T>& rgb, const YuvLayout& layout, ColorTags color,
              const YuvPlanes& planes) {
    if (layout.depth > 8)
        convertPicture<std::uint16_t>(rgb, layout, color, planes);
    else
        convertPicture<std::uint8_t>(rgb, layout, color, planes);
}

template void rgbToYuv(const Image<std::uint8_t>&, const YuvLayout&, ColorTags, const YuvPlanes&);
template void rgbToYuv(const Image<std::uint16_t>&, const YuvLayout&, ColorTags, const YuvPlanes&);

} // namespace strata::media
