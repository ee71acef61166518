// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/evidence.h"

#include "engine/core/parallel.h"
#include "engine/synth/matte_tools.h"
#include "engine/synth/mistaken_parts.h"
#include "engine/synth/skin_color.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr float kStep =
    0.05f; // metres: more than this between neighbours is one part in front of another

/// Trousers and dresses go on from the trunk to the legs; nothing else shares its colours.
bool flowsInto(BodyRegion a, BodyRegion b) {
    const auto leg = [](BodyRegion r) {
        return r == BodyRegion::LeftLeg || r == BodyRegion::RightLeg;
    };
    return a == b || (a == BodyRegion::Torso && leg(b)) || (leg(a) && b == BodyRegion::Torso);
}

/// Smallest value in a window of 2*radius+1, along rows and then columns.
ImageF nearestAround(const std::vector<float>& depth, int width, int height, int radius) {
    ImageF rows(width, height, 1), out(width, height, 1);
    parallelFor(0, height, 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < width; ++x) {
                const float* row = depth.data() + std::size_t(y) * std::size_t(width);
                *rows.pixel(x, y) = *std::min_element(row + std::max(0, x - radius),
                                                      row + std::min(width, x + radius + 1));
            }
    });
    parallelFor(0, height, 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < width; ++x) {
                float least = *rows.pixel(x, y);
                for (int v = std::max(0, y - radius); v <= std::min(height - 1, y + radius); ++v)
                    least = std::min(least, *rows.pixel(x, v));
                *out.pixel(x, y) = least;
            }
    });
    return out;
}

bool isHand(int joint) { return joint >= 20 && joint <= 23; }

} // namespace

bool likeColor(const glm::vec3& a, const glm::vec3& b, float tolerance) {
    const float sumA = a.r + a.g + a.b + 1e-4f, sumB = b.r + b.g + b.b + 1e-4f;
    return std::abs(a.r / sumA - b.r / sumB) < tolerance &&
           std::abs(a.g / sumA - b.g / sumB) < tolerance && sumA > 0.15f * sumB &&
           sumA < 4.f * sumB;
}

Evidence::Evidence(const ShapedBody& body, const HeadMap& head, const SubjectView& view,
                   const PosedSurface& surface)
    : m_model(body.model())
    , m_view(view)
    , m_surface(surface) {
    smoothNormals();
    markEdges();
    findSkin(head);
    if (m_skin)
        leaveOut(mistakenParts(body, view, surface, *m_skin));
    markHands();
    float facing = 0; // of what is the chest in the rest pose
    for (std::size_t v = 0; v < m_model.vTemplate.size(); ++v)
        if (regionOfJoint(m_model.bones[v][0]) == BodyRegion::Torso)
            facing += surface.normals[v].z * (m_model.vTemplate[v].z > 0.f ? 1.f : -1.f);
    m_seesFront = facing <= 0.f;
}

void Evidence::markEdges() {
    const RasterBuffers& r = m_surface.raster;
    const int radius = std::max(2, int(m_view.heightPx * 0.009f));
    const ImageF nearest = nearestAround(r.depth, r.width, r.height, radius);
    m_trust = ImageF(r.width, r.height, 1, 1.f);
    for (std::size_t i = 0; i < r.depth.size(); ++i)
        if (r.face[i] >= 0 && r.depth[i] - nearest.data()[i] > kStep + 0.02f)
            m_trust.data()[i] = 0.f;
    m_trust = boxBlurred(m_trust, std::max(1, radius / 2));
    for (std::size_t i = 0; i < m_trust.count(); ++i)
        m_trust.data()[i] = smoothStep(0.3f, 0.9f, m_trust.data()[i]);
}

/// `mistaken`: 1 where another part is seen than the body has there.
void Evidence::leaveOut(const ImageF& mistaken) {
    for (std::size_t i = 0; i < m_trust.count(); ++i)
        m_trust.data()[i] *= 1.f - mistaken.data()[i];
}

glm::vec2 Evidence::pixelOf(const glm::vec3& p) const {
    const Camera& c = m_view.camera;
    const float z = std::max(p.z, 0.05f);
    return {c.fx * p.x / z + c.cx, c.fy * p.y / z + c.cy};
}

glm::vec2 Evidence::pixelThrough(const glm::vec3& p) const {
    const glm::vec2 pixel = pixelOf(p);
    const std::size_t i = indexAt(pixel);
    if (i == std::size_t(-1) || !(m_surface.raster.depth[i] < p.z))
        return pixel;
    return pixelOf({p.x, p.y, m_surface.raster.depth[i]});
}

std::size_t Evidence::indexAt(glm::vec2 pixel) const {
    const int x = int(std::floor(pixel.x)), y = int(std::floor(pixel.y));
    const RasterBuffers& r = m_surface.raster;
    if (!(pixel.x >= 0.f) || !(pixel.y >= 0.f) || x >= r.width || y >= r.height)
        return std::size_t(-1);
    return std::size_t(y) * std::size_t(r.width) + std::size_t(x);
}

void Evidence::smoothNormals() {
    m_normals = m_surface.normals;
    const Neighbours neighbours = neighboursOf(m_model.faces, m_normals.size());
    for (int pass = 0; pass < 6; ++pass) {
        const auto before = m_normals;
        for (std::size_t v = 0; v < m_normals.size(); ++v) {
            glm::vec3 sum = before[v];
            for (const auto u : neighbours.of(v))
                sum += before[u];
            m_normals[v] = glm::length(sum) > 1e-6f ? glm::normalize(sum) : before[v];
        }
    }
}

void Evidence::findSkin(const HeadMap& head) {
    std::vector<glm::vec3> colors;
    for (std::size_t v = 0; v < head.face.size(); ++v)
        if (head.face[v] > 0.6f && seen(m_surface.vertices[v], m_normals[v], 15) > 0.5f)
            colors.push_back(sampleColor(m_view.colors, pixelOf(m_surface.vertices[v])));
    if (colors.size() < 30)
        return;
    const auto middle = colors.begin() + std::ptrdiff_t(colors.size() * 3 / 5);
    std::nth_element(colors.begin(), middle, colors.end(), [](const auto& a, const auto& b) {
        return a.r + a.g + a.b < b.r + b.g + b.b;
    });
    m_skin = *middle;
}

void Evidence::markHands() {
    const RasterBuffers& r = m_surface.raster;
    m_hands = ImageF(r.width, r.height, 1);
    if (!m_skin)
        return;
    for (std::size_t i = 0; i < r.face.size(); ++i)
        if (r.face[i] >= 0 && isHand(m_model.bones[m_model.faces[std::size_t(r.face[i])].x][0]))
            m_hands.data()[i] = 1.f;
    m_hands = boxBlurred(m_hands, std::max(2, int(m_view.heightPx * 0.05f)));
}

bool Evidence::likeSkin(const glm::vec3& color) const {
    return m_skin && hasSkinHue(color, *m_skin, 0.06f) && color.r > 0.04f * m_skin->r;
}

/// 0 where the colour speaks against the part.
float Evidence::fitting(glm::vec2 pixel, int joint) const {
    if (!m_skin || regionOfJoint(joint) == BodyRegion::Head)
        return 1.f;
    if (joint >= 22)
        return likeSkin(sampleColor(m_view.colors, pixel)) ? 1.f : 0.f;
    if (isArm(regionOfJoint(joint)) || sampleAt(m_hands, pixel) <= 0.f)
        return 1.f;
    return likeSkin(sampleColor(m_view.colors, pixel)) ? 0.f : 1.f;
}

float Evidence::seen(std::size_t vertex) const {
    return seen(m_surface.vertices[vertex], m_normals[vertex], m_model.bones[vertex][0]);
}

float Evidence::seen(const glm::vec3& point, const glm::vec3& normal, int joint) const {
    const glm::vec2 pixel = pixelOf(point);
    const std::size_t i = indexAt(pixel);
    if (i == std::size_t(-1))
        return 0.f;
    const float facing = -glm::dot(normal, glm::normalize(point));
    const float open = smoothStep(0.05f, 0.35f, facing);
    if (open <= 0.f)
        return 0.f;
    const float depth = m_surface.raster.depth[i];
    // Lids, nostrils and lips hide behind each other by millimetres that no fit can tell.
    const float near = regionOfJoint(joint) == BodyRegion::Head ? 0.03f : 0.015f;
    // At the outline the pixel's centre may just miss the body.
    const float clear =
        std::isinf(depth) ? 1.f : 1.f - smoothStep(near, near + 0.025f, point.z - depth);
    const float matte = smoothStep(0.05f, 0.5f, sampleAt(m_view.alpha, pixel));
    return open * clear * matte * sampleAt(m_trust, pixel) * fitting(pixel, joint);
}

float Evidence::seenThrough(glm::vec2 pixel, int joint) const {
    const std::size_t i = indexAt(pixel);
    if (i == std::size_t(-1))
        return 0.f;
    const std::int32_t face = m_surface.raster.face[i];
    if (face >= 0) {
        const std::uint32_t vertex = m_model.faces[std::size_t(face)].x;
        if (!flowsInto(regionOfJoint(joint), regionOfJoint(m_model.bones[vertex][0])))
            return 0.f;
    }
    return smoothStep(0.05f, 0.5f, sampleAt(m_view.alpha, pixel)) * sampleAt(m_trust, pixel) *
           fitting(pixel, joint);
}

} // namespace strata
