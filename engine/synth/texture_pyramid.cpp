// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/texture_pyramid.h"

#include "engine/synth/color_tables.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

ImageU16 halved(const ImageU16& fine) {
    ImageU16 out(std::max(1, fine.width() / 2), std::max(1, fine.height() / 2), 4);
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x)
            for (int c = 0; c < 3; ++c) {
                const int x1 = std::min(2 * x + 1, fine.width() - 1);
                const int y1 = std::min(2 * y + 1, fine.height() - 1);
                const int sum = fine.at(2 * x, 2 * y, c) + fine.at(x1, 2 * y, c) +
                                fine.at(2 * x, y1, c) + fine.at(x1, y1, c);
                out.at(x, y, c) = std::uint16_t((sum + 2) / 4);
            }
    return out;
}

} // namespace

TexturePyramid::TexturePyramid(const ImageU8& texture) {
    ImageU16 base(texture.width(), texture.height(), 4);
    for (int y = 0; y < texture.height(); ++y)
        for (int x = 0; x < texture.width(); ++x) {
            const glm::vec3 color = linearOf(texture.pixel(x, y));
            for (int c = 0; c < 3; ++c)
                base.pixel(x, y)[c] = std::uint16_t(std::lround(color[c] * 65535.f));
        }
    m_levels.push_back(std::move(base));
    // Below 16 texels the charts of the atlas would flow into each other.
    while (m_levels.back().width() > 16)
        m_levels.push_back(halved(m_levels.back()));
}

glm::vec3 TexturePyramid::bilinear(const ImageU16& level, glm::vec2 uv) const {
    const float x = std::clamp(uv.x * float(level.width()) - 0.5f, 0.f, float(level.width() - 1));
    const float y =
        std::clamp((1.f - uv.y) * float(level.height()) - 0.5f, 0.f, float(level.height() - 1));
    const int x0 = int(x), y0 = int(y);
    const int x1 = std::min(x0 + 1, level.width() - 1), y1 = std::min(y0 + 1, level.height() - 1);
    const float fx = x - float(x0), fy = y - float(y0);
    const std::uint16_t *a = level.pixel(x0, y0), *b = level.pixel(x1, y0);
    const std::uint16_t *c = level.pixel(x0, y1), *d = level.pixel(x1, y1);
    glm::vec3 out;
    for (int k = 0; k < 3; ++k) {
        const float top = float(a[k]) + fx * (float(b[k]) - float(a[k]));
        const float bottom = float(c[k]) + fx * (float(d[k]) - float(c[k]));
        out[k] = (top + fy * (bottom - top)) * (1.f / 65535.f);
    }
    return out;
}

glm::vec3 TexturePyramid::sample(glm::vec2 uv, float lod) const {
    const float level = std::clamp(lod, 0.f, float(m_levels.size() - 1));
    const auto fine = std::size_t(level);
    const float part = level - float(fine);
    const glm::vec3 color = bilinear(m_levels[fine], uv);
    if (part < 0.02f || fine + 1 >= m_levels.size())
        return color;
    return glm::mix(color, bilinear(m_levels[fine + 1], uv), part);
}

} // namespace strata
