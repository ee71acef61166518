// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/texture.h"

#include "engine/train/render/display_curve.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

ImageF halved(const ImageF& image) {
    ImageF out(std::max(1, image.width() / 2), std::max(1, image.height() / 2), 4);
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x)
            for (int c = 0; c < 4; ++c) {
                const int x1 = std::min(2 * x + 1, image.width() - 1);
                const int y1 = std::min(2 * y + 1, image.height() - 1);
                out.at(x, y, c) = 0.25f * (image.at(2 * x, 2 * y, c) + image.at(x1, 2 * y, c) +
                                           image.at(2 * x, y1, c) + image.at(x1, y1, c));
            }
    return out;
}

} // namespace

Texture::Texture(const ImageU8& picture) {
    ImageF level(picture.width(), picture.height(), 4, 1.f);
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            for (int c = 0; c < picture.channels(); ++c) {
                const std::uint8_t v = picture.at(x, y, c);
                level.at(x, y, c) = c == 3 ? float(v) / 255.f : srgbLight(v);
            }
    m_levels.push_back(std::move(level));
    while (m_levels.back().width() > 1 && m_levels.back().height() > 1)
        m_levels.push_back(halved(m_levels.back()));
}

glm::vec4 Texture::sample(const glm::vec2& uv, float footprint) const {
    const int level = std::clamp(int(std::lround(std::log2(std::max(footprint, 1.f)))), 0,
                                 int(m_levels.size()) - 1);
    const ImageF& image = m_levels[std::size_t(level)];
    const float x = (uv.x - std::floor(uv.x)) * float(image.width()) - 0.5f;
    const float y = (1 - (uv.y - std::floor(uv.y))) * float(image.height()) - 0.5f;
    const int x0 = int(std::floor(x));
    const int y0 = int(std::floor(y));
    const float fx = x - float(x0);
    const float fy = y - float(y0);
    const auto texel = [&](int i, int j) {
        const float* p =
            image.pixel(std::clamp(i, 0, image.width() - 1), std::clamp(j, 0, image.height() - 1));
        return glm::vec4(p[0], p[1], p[2], p[3]);
    };
    return glm::mix(glm::mix(texel(x0, y0), texel(x0 + 1, y0), fx),
                    glm::mix(texel(x0, y0 + 1), texel(x0 + 1, y0 + 1), fx), fy);
}

} // namespace strata
