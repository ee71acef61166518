// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/shadow_map.h"

#include "engine/core/parallel.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr float kSunDistance = 300.f;

} // namespace

ShadowMap::ShadowMap(std::span<const float> vertices, std::span<const std::uint32_t> faces,
                     const Lighting& light, int size) {
    const glm::vec3 forward = -glm::normalize(light.toSun);
    const glm::vec3 any = std::abs(forward.y) < 0.99f ? glm::vec3(0, 1, 0) : glm::vec3(1, 0, 0);
    const glm::vec3 right = glm::normalize(glm::cross(forward, any));
    const glm::vec3 down = glm::cross(forward, right);
    m_rotation = glm::transpose(glm::mat3(right, down, forward));
    m_eye = light.shadowCentre - forward * kSunDistance;
    m_camera.width = m_camera.height = size;
    m_camera.fx = m_camera.fy = kSunDistance * float(size) * 0.5f / light.shadowRadius;
    m_camera.cx = m_camera.cy = float(size) * 0.5f;
    m_texel = 2.f * light.shadowRadius / float(size);
    m_reach = std::clamp(int(std::lround(light.shadowSoftness / m_texel)), 1, 6);

    std::vector<float> turned(vertices.size());
    parallelFor(0, std::int64_t(vertices.size() / 3), 4096,
                [&](std::int64_t begin, std::int64_t end) {
                    for (auto i = std::size_t(begin) * 3; i < std::size_t(end) * 3; i += 3) {
                        const glm::vec3 p(vertices[i], vertices[i + 1], vertices[i + 2]);
                        const glm::vec3 q = m_rotation * (p - m_eye);
                        turned[i] = q.x;
                        turned[i + 1] = q.y;
                        turned[i + 2] = q.z;
                    }
                });
    RasterBuffers raster;
    rasterize(turned, faces, m_camera, {.cullBackFaces = false}, raster);
    m_depth = std::move(raster.depth);
}

float ShadowMap::lit(const glm::vec3& position, const glm::vec3& normal) const {
    // Away from the surface by a little more than the kernel's width, or it would shadow itself.
    const float shift = m_texel * (float(m_reach) + 1.f);
    const glm::vec3 q = m_rotation * (position + normal * shift - m_eye);
    const float u = m_camera.fx * q.x / q.z + m_camera.cx - 0.5f;
    const float v = m_camera.fy * q.y / q.z + m_camera.cy - 0.5f;
    const int x = int(std::floor(u));
    const int y = int(std::floor(v));
    if (x < m_reach || y < m_reach || x + m_reach + 1 >= m_camera.width ||
        y + m_reach + 1 >= m_camera.height)
        return 1.f;
    const float fx = u - float(x);
    const float fy = v - float(y);
    const float z = q.z - 0.5f * m_texel;
    float sum = 0;
    float total = 0;
    for (int j = -m_reach; j <= m_reach + 1; ++j) {
        const float wy = j == -m_reach ? 1 - fy : j == m_reach + 1 ? fy : 1;
        const float* row = &m_depth[std::size_t(y + j) * m_camera.width + x];
        for (int i = -m_reach; i <= m_reach + 1; ++i) {
            const float w = wy * (i == -m_reach ? 1 - fx : i == m_reach + 1 ? fx : 1);
            total += w;
            sum += row[i] >= z ? w : 0.f;
        }
    }
    return sum / total;
}

} // namespace strata
