// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/uv_lookup.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

int cellOf(float value, int cells) { return std::clamp(int(value * float(cells)), 0, cells - 1); }

glm::vec3 weightsOf(const glm::vec2& p, const glm::vec2& a, const glm::vec2& b,
                    const glm::vec2& c) {
    const auto cross = [](const glm::vec2& u, const glm::vec2& v) { return u.x * v.y - u.y * v.x; };
    const float area = cross(b - a, c - a);
    if (std::abs(area) < 1e-12f)
        return glm::vec3(-1e6f);
    const float wb = cross(p - a, c - a) / area;
    const float wc = cross(b - a, p - a) / area;
    return {1 - wb - wc, wb, wc};
}

} // namespace

UvLookup::UvLookup(const std::vector<glm::vec2>& uv, const std::vector<glm::uvec3>& faces)
    : m_uv(uv)
    , m_faces(faces)
    , m_cells(kCells * kCells) {
    for (std::uint32_t f = 0; f < faces.size(); ++f) {
        const auto& t = faces[f];
        const glm::vec2 low = glm::min(uv[t.x], glm::min(uv[t.y], uv[t.z]));
        const glm::vec2 high = glm::max(uv[t.x], glm::max(uv[t.y], uv[t.z]));
        for (int y = cellOf(low.y, kCells); y <= cellOf(high.y, kCells); ++y)
            for (int x = cellOf(low.x, kCells); x <= cellOf(high.x, kCells); ++x)
                m_cells[std::size_t(y * kCells + x)].push_back(f);
    }
}

std::optional<UvLookup::Hit> UvLookup::find(const glm::vec2& at) const {
    const int cx = cellOf(at.x, kCells);
    const int cy = cellOf(at.y, kCells);
    std::optional<Hit> best;
    float bestOutside = 1e9f;
    for (int y = std::max(0, cy - 1); y <= std::min(kCells - 1, cy + 1); ++y)
        for (int x = std::max(0, cx - 1); x <= std::min(kCells - 1, cx + 1); ++x)
            for (const auto f : m_cells[std::size_t(y * kCells + x)]) {
                const auto& t = m_faces[f];
                const glm::vec3 raw = weightsOf(at, m_uv[t.x], m_uv[t.y], m_uv[t.z]);
                glm::vec3 w = glm::max(raw, glm::vec3(0.f));
                const float sum = w.x + w.y + w.z;
                if (!(sum > 0))
                    continue;
                w /= sum;
                const glm::vec2 nearest = w.x * m_uv[t.x] + w.y * m_uv[t.y] + w.z * m_uv[t.z];
                if (const float outside = glm::distance(nearest, at); outside < bestOutside) {
                    bestOutside = outside;
                    best = Hit{f, w};
                }
            }
    return bestOutside < 0.01f ? best : std::nullopt;
}

} // namespace strata
