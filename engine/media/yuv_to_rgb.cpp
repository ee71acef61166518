// SPDX-License-Identifier: Apache-2.0
#include "engine/media/yuv_math.h"
#include "engine/media/yuv_rgb.h"

#include <vector>

namespace strata::media {
namespace {

struct RowMatrix {
    float gain, offset;         // code of luma to the output's scale, with 0.5 for rounding
    float rv, gu, gv, bu, full; // chroma to the output's scale
};

/// One chroma row between two rows of samples, centred on 0, with one sample repeated at each end.
template <typename S>
STRATA_WIDE void mixRows(const S* near, const S* far, float weight, float middle, int width,
                         float* out) {
    for (int x = 0; x < width; ++x)
        out[x + 1] = float(near[x]) * (1.0f - weight) + float(far[x]) * weight - middle;
    out[0] = out[1];
    out[width + 1] = out[width];
}

STRATA_WIDE void widen(const float* chroma, int width, Upsampling up, float* out) {
    for (int i = 0; i < width; ++i) {
        const float c = chroma[i + 1];
        out[2 * i] = c * (1.0f - up.even) + chroma[i] * up.even;
        out[2 * i + 1] = c * (1.0f - up.odd) + chroma[i + 2] * up.odd;
    }
}

template <typename S, typename T>
STRATA_WIDE void matrixRow(const S* luma, const float* u, const float* v, int width,
                           const RowMatrix& m, T* r, T* g, T* b) {
    for (int x = 0; x < width; ++x) {
        const float y = float(luma[x]) * m.gain + m.offset;
        const float red = y + v[x] * m.rv;
        const float green = y - u[x] * m.gu - v[x] * m.gv;
        const float blue = y + u[x] * m.bu;
        r[x] = T(int(std::min(std::max(red, 0.0f), m.full)));
        g[x] = T(int(std::min(std::max(green, 0.0f), m.full)));
        b[x] = T(int(std::min(std::max(blue, 0.0f), m.full)));
    }
}

template <typename T>
void interleave(const T* r, const T* g, const T* b, int width, T* out) {
    for (int x = 0; x < width; ++x) {
        out[3 * x] = r[x];
        out[3 * x + 1] = g[x];
        out[3 * x + 2] = b[x];
    }
}

template <typename S, typename T>
void convertPicture(const YuvPlanes& planes, const YuvLayout& layout, ColorTags color,
                    Image<T>& out) {
    const YuvScale s(color, layout.depth);
    const float full = float(T(~T(0)));
    const float chroma = full / s.chromaSpan;
    const RowMatrix m{full / s.lumaSpan,
                      0.5f - s.black * full / s.lumaSpan,
                      2 * (1 - s.kr) * chroma,
                      2 * (1 - s.kb) * s.kb / s.kg * chroma,
                      2 * (1 - s.kr) * s.kr / s.kg * chroma,
                      2 * (1 - s.kb) * chroma,
                      full + 0.49f};
    const int width = layout.size.width;
    const int cw = (width + layout.halvedX) >> layout.halvedX;
    const int ch = (layout.size.height + layout.halvedY) >> layout.halvedY;
    const Upsampling across(layout.leftSited);
    const Upsampling down(layout.topSited);
    std::vector<float> narrow(std::size_t(cw) + 2);
    std::array<std::vector<float>, 2> wide;
    wide.fill(std::vector<float>(std::size_t(cw) * 2 + 2));
    std::vector<T> rgb(std::size_t(width) * 3);
    T* const r = rgb.data();

    const auto rowOf = [&](int plane, int y) {
        const std::ptrdiff_t offset = planes.stride[std::size_t(plane)] * y;
        return reinterpret_cast<const S*>(planes.data[std::size_t(plane)] + offset);
    };
    for (int y = 0; y < layout.size.height; ++y) {
        const int j = y >> layout.halvedY;
        const bool odd = y & 1;
        const int other = std::clamp(odd ? j + 1 : j - 1, 0, ch - 1);
        const float weight = layout.halvedY ? (odd ? down.odd : down.even) : 0.0f;
        for (int c = 0; c < 2; ++c) {
            auto& target = wide[std::size_t(c)];
            mixRows(rowOf(c + 1, j), rowOf(c + 1, layout.halvedY ? other : j), weight, s.middle, cw,
                    narrow.data());
            if (layout.halvedX)
                widen(narrow.data(), cw, across, target.data());
            else
                std::copy_n(narrow.begin() + 1, cw, target.begin());
        }
        matrixRow(rowOf(0, y), wide[0].data(), wide[1].data(), width, m, r, r + width,
                  r + 2 * width);
        interleave(r, r + width, r + 2 * width, width, out.row(y));
    }
}

} // namespace

template <typename T>
void yuvToRgb(const YuvPlanes& planes, const YuvLayout& layout, ColorTags color, Image<T>& out) {
    if (layout.depth > 8)
        convertPicture<std::uint16_t>(planes, layout, color, out);
    else
        convertPicture<std::uint8_t>(planes, layout, color, out);
}

template void yuvToRgb(const YuvPlanes&, const YuvLayout&, ColorTags, Image<std::uint8_t>&);
template void yuvToRgb(const YuvPlanes&, const YuvLayout&, ColorTags, Image<std::uint16_t>&);

} // namespace strata::media
