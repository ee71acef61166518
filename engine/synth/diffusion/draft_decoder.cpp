// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/draft_decoder.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace strata {
namespace {

/// Mean of a plane's pixels that one latent stands for.
double meanOf(std::span<const float> plane, int width, int scale, int x, int y) {
    double sum = 0;
    for (int j = 0; j < scale; ++j)
        for (int i = 0; i < scale; ++i)
            sum += double(plane[std::size_t((y * scale + j) * width + x * scale + i)]);
    return sum / (scale * scale);
}

} // namespace

void DraftDecoder::learn(const FrameStack& pictures, const FrameStack& latents) {
    const FrameShape from = latents.shape(), to = pictures.shape();
    if (latents.empty() || pictures.frames() != latents.frames() || to.width < from.width)
        return;
    if (m_latents != from.channels || m_colors != to.channels) {
        *this = DraftDecoder();
        m_latents = from.channels;
        m_colors = to.channels;
        const auto terms = std::size_t(m_latents + 1);
        m_squares.assign(terms * terms, 0);
        m_products.assign(terms * std::size_t(m_colors), 0);
    }
    const int scale = to.width / from.width, terms = m_latents + 1;
    const std::size_t plane = std::size_t(from.width) * std::size_t(from.height);
    const std::size_t pixels = std::size_t(to.width) * std::size_t(to.height);
    if (from.height * scale > to.height)
        return;
    std::vector<double> z(std::size_t(terms), 1.0);
    for (int f = 0; f < latents.frames(); ++f)
        for (std::size_t p = 0; p < plane; ++p) {
            for (int c = 0; c < m_latents; ++c)
                z[std::size_t(c)] = double(latents.frame(f)[std::size_t(c) * plane + p]);
            for (int a = 0; a < terms; ++a)
                for (int b = 0; b < terms; ++b)
                    m_squares[std::size_t(a * terms + b)] += z[std::size_t(a)] * z[std::size_t(b)];
            for (int c = 0; c < m_colors; ++c) {
                const double color =
                    meanOf(pictures.frame(f).subspan(std::size_t(c) * pixels, pixels), to.width,
                           scale, int(p) % from.width, int(p) / from.width);
                for (int a = 0; a < terms; ++a)
                    m_products[std::size_t(a * m_colors + c)] += z[std::size_t(a)] * color;
            }
        }
    m_learnt += latents.frames();
    m_map.clear();
}

// Cholesky's decomposition; what the pictures do not tell (they may be of one colour) stays near
// nothing.
void DraftDecoder::solve() {
    const int n = m_latents + 1;
    const auto at = [n](int row, int column) { return std::size_t(row * n + column); };
    std::vector<double> l = m_squares;
    double trace = 0;
    for (int i = 0; i < n; ++i)
        trace += l[at(i, i)];
    for (int i = 0; i < n; ++i) {
        l[at(i, i)] += 1e-6 * trace / n + 1e-12;
        for (int j = 0; j <= i; ++j) {
            double sum = l[at(i, j)];
            for (int k = 0; k < j; ++k)
                sum -= l[at(i, k)] * l[at(j, k)];
            l[at(i, j)] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / l[at(j, j)];
        }
    }
    m_map = m_products;
    for (int c = 0; c < m_colors; ++c) {
        const auto x = [&](int row) -> double& { return m_map[std::size_t(row * m_colors + c)]; };
        for (int i = 0; i < n; ++i) {
            for (int k = 0; k < i; ++k)
                x(i) -= l[at(i, k)] * x(k);
            x(i) /= l[at(i, i)];
        }
        for (int i = n; i-- > 0;) {
            for (int k = i + 1; k < n; ++k)
                x(i) -= l[at(k, i)] * x(k);
            x(i) /= l[at(i, i)];
        }
    }
}

FrameStack DraftDecoder::decode(const FrameStack& latents) {
    assert(ready() && latents.shape().channels == m_latents);
    if (m_map.empty())
        solve();
    const FrameShape from = latents.shape();
    FrameStack out(latents.frames(), {m_colors, from.height, from.width});
    const std::size_t plane = std::size_t(from.width) * std::size_t(from.height);
    for (int f = 0; f < latents.frames(); ++f) {
        const auto in = latents.frame(f);
        const auto colors = out.frame(f);
        for (int c = 0; c < m_colors; ++c)
            for (std::size_t p = 0; p < plane; ++p) {
                double value = m_map[std::size_t(m_latents * m_colors + c)];
                for (int a = 0; a < m_latents; ++a)
                    value += m_map[std::size_t(a * m_colors + c)] *
                             double(in[std::size_t(a) * plane + p]);
                colors[std::size_t(c) * plane + p] = float(std::clamp(value / 2 + 0.5, 0.0, 1.0));
            }
    }
    return out;
}

} // namespace strata
