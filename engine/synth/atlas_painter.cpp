// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/atlas_painter.h"

#include "engine/core/parallel.h"
#include "engine/synth/atlas_layout.h"
#include "engine/synth/back_proxies.h"
#include "engine/synth/color_tables.h"
#include "engine/synth/foot_colors.h"
#include "engine/synth/head_hair.h"
#include "engine/synth/mesh_colors.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// Colour gathered from sources in order of trust; what one leaves open the next one fills.
struct Gather {
    glm::vec3 color{0.f};
    float open = 1.f;
    void add(const glm::vec3& c, float share) {
        color += open * share * c;
        open *= 1.f - share;
    }
};

RasterBuffers rasterizeAtlas(const BodyModel& model, int size) {
    const AtlasLayout layout = layOutAtlas(model);
    std::vector<glm::vec3> vertices;
    std::vector<std::uint32_t> faces;
    vertices.reserve(layout.vertices.size());
    const auto s = float(size);
    for (std::size_t f = 0; f < layout.faces.size(); ++f) {
        const auto& face = layout.faces[f];
        glm::vec2 p[3];
        for (int k = 0; k < 3; ++k)
            p[k] = {layout.vertices[face[k]].x * s, (1.f - layout.vertices[face[k]].y) * s};
        const glm::vec2 a = p[1] - p[0], b = p[2] - p[0];
        // A face that the atlas turns over lies behind its neighbours. In rows from the top a sound
        // face runs clockwise.
        const float z = a.x * b.y - a.y * b.x > 0.f ? 1.001f : 1.f;
        for (const auto& corner : p) {
            faces.push_back(std::uint32_t(vertices.size()));
            vertices.push_back({corner.x * z, corner.y * z, z});
        }
    }
    RasterBuffers out;
    rasterize({&vertices[0].x, vertices.size() * 3}, faces, {size, size, 1.f, 1.f, 0.f, 0.f},
              {.cullBackFaces = false}, out);
    return out;
}

class AtlasPainter {
public:
    AtlasPainter(const ShapedBody& body, const ImageF& albedo, const PosedSurface& surface,
                 const Evidence& evidence, const HeadHair& hair, int size)
        : m_model(body.model())
        , m_rest(body.restVertices())
        , m_albedo(albedo)
        , m_surface(surface)
        , m_evidence(evidence)
        , m_proxies(trunkProxies(m_model, m_rest, surface, m_evidence))
        , m_hair(hair)
        , m_feet(m_model, m_rest, albedo, surface, m_evidence)
        , m_atlas(rasterizeAtlas(m_model, size)) {}

    Result<PaintedAtlas> run(const JobContext& job) {
        const int size = m_atlas.width;
        ImageF color(size, size, 3), open(size, size, 1, 1.f), seen(size, size, 1);
        parallelFor(0, size, 16, [&](std::int64_t begin, std::int64_t end) {
            if (job.stopRequested())
                return;
            for (int y = int(begin); y < int(end); ++y)
                for (int x = 0; x < size; ++x)
                    paintTexel(x, y, color, open, seen);
        });
        if (job.stopRequested())
            return cancelled();
        const auto vertexColors = spreadOverMesh(m_model, m_atlas, color, open);
        finish(vertexColors, color, open);
        return pack(color, seen);
    }

private:
    struct Texel {
        glm::uvec3 face;
        glm::vec3 weights;
        template <typename T>
        T of(std::span<const T> values) const {
            return weights.x * values[face.x] + weights.y * values[face.y] +
                   weights.z * values[face.z];
        }
    };

    bool texelAt(int x, int y, Texel& texel) const {
        const std::size_t i = std::size_t(y) * std::size_t(m_atlas.width) + std::size_t(x);
        if (m_atlas.face[i] < 0)
            return false;
        const float b0 = m_atlas.barycentric[2 * i], b1 = m_atlas.barycentric[2 * i + 1];
        texel = {m_model.faces[std::size_t(m_atlas.face[i])], {b0, b1, 1.f - b0 - b1}};
        return true;
    }

    void paintTexel(int x, int y, ImageF& color, ImageF& open, ImageF& seen) const {
        Texel texel;
        if (!texelAt(x, y, texel))
            return;
        Texel mirrored = texel;
        for (int k = 0; k < 3; ++k)
            mirrored.face[k] = std::uint32_t(m_model.mirrorIndex[texel.face[k]]);
        const std::span<const glm::vec3> points(m_surface.vertices), normals(m_evidence.normals());
        const glm::vec3 own = texel.of(points), other = mirrored.of(points);
        const glm::vec3 ownNormal = glm::normalize(texel.of(normals));
        const glm::vec3 otherNormal = glm::normalize(mirrored.of(normals));
        const int joint = m_model.bones[texel.face.x][0];
        const int otherJoint = m_model.bones[mirrored.face.x][0];

        Gather gather;
        const float direct = m_evidence.seen(own, ownNormal, joint);
        gather.add(at(m_evidence.pixelOf(own)), direct);
        const glm::vec3 rest = texel.of(m_rest);
        if (regionOfJoint(joint) == BodyRegion::Head)
            fillHead(rest, other, otherNormal, gather);
        else
            fillBody(texel, rest, own, other, otherNormal, joint, otherJoint, gather);
        for (int c = 0; c < 3; ++c)
            color.pixel(x, y)[c] = gather.color[c];
        *open.pixel(x, y) = gather.open;
        *seen.pixel(x, y) = direct;
    }

    void fillHead(const glm::vec3& rest, const glm::vec3& other, const glm::vec3& otherNormal,
                  Gather& gather) const {
        const float hair = m_hair.share(rest);
        const float mirrored = m_evidence.seen(other, otherNormal, 15);
        gather.add(at(m_evidence.pixelOf(other)), mirrored);
        if (hair > 0.f)
            gather.add(m_hair.color(rest), hair);
    }

    void fillBody(const Texel& texel, const glm::vec3& rest, const glm::vec3& own,
                  const glm::vec3& other, const glm::vec3& otherNormal, int joint, int otherJoint,
                  Gather& gather) const {
        if (gather.open < 0.01f)
            return;
        gather.add(at(m_evidence.pixelOf(other)), m_evidence.seen(other, otherNormal, otherJoint));
        if (regionOfJoint(joint) == BodyRegion::Torso && gather.open > 0.01f) {
            if (const float hair = m_hair.share(rest); hair > 0.f)
                gather.add(m_hair.color(rest), hair);
            const float toLeft = smoothStep(-0.035f, 0.035f, rest.x);
            addProxies(texel, toLeft, gather);
        }
        if (const auto foot = m_feet.color(rest, joint)) {
            gather.add(*foot, 1.f);
            return;
        }
        const glm::vec2 through = m_evidence.pixelThrough(own);
        gather.add(at(through), m_evidence.seenThrough(through, joint));
        const glm::vec2 mirrored = m_evidence.pixelThrough(other);
        gather.add(at(mirrored), m_evidence.seenThrough(mirrored, otherJoint));
        if (joint >= 22 && m_evidence.skin())
            gather.add(*m_evidence.skin(), 1.f);
    }

    void addProxies(const Texel& texel, float toLeft, Gather& gather) const {
        const glm::vec2 left = texel.of(std::span<const glm::vec2>(m_proxies.left));
        const glm::vec2 right = texel.of(std::span<const glm::vec2>(m_proxies.right));
        glm::vec3 color(0.f);
        float weight = 0, best = 0;
        const auto add = [&](glm::vec2 pixel, float share) {
            if (std::isnan(pixel.x))
                return;
            const float trust = m_evidence.seenThrough(pixel, 0);
            color += (share + 0.01f) * trust * at(pixel);
            weight += (share + 0.01f) * trust;
            best = std::max(best, trust);
        };
        add(left, toLeft);
        add(right, 1.f - toLeft);
        if (weight > 1e-4f)
            gather.add(color / weight, best * texel.of(std::span<const float>(m_proxies.share)));
    }

    glm::vec3 at(glm::vec2 pixel) const { return sampleColor(m_albedo, pixel); }

    void finish(std::span<const glm::vec3> vertexColors, ImageF& color, ImageF& open) const {
        parallelFor(0, m_atlas.height, 16, [&](std::int64_t begin, std::int64_t end) {
            for (int y = int(begin); y < int(end); ++y)
                for (int x = 0; x < m_atlas.width; ++x) {
                    Texel texel;
                    float& left = *open.pixel(x, y);
                    if (!texelAt(x, y, texel))
                        continue;
                    const glm::vec3 fill = texel.of(vertexColors);
                    for (int c = 0; c < 3; ++c)
                        color.pixel(x, y)[c] += left * fill[c];
                    left = 0.f;
                }
        });
        fillOutsideCharts(color, open);
    }

    PaintedAtlas pack(const ImageF& color, const ImageF& seen) const {
        PaintedAtlas out{ImageU8(color.width(), color.height(), 3),
                         ImageU8(color.width(), color.height(), 1)};
        for (std::size_t i = 0; i < color.count(); ++i)
            out.texture.data()[i] = linearToSrgb8(color.data()[i]);
        for (std::size_t i = 0; i < seen.count(); ++i)
            out.confidence.data()[i] = std::uint8_t(std::lround(seen.data()[i] * 255.f));
        return out;
    }

    const BodyModel& m_model;
    std::span<const glm::vec3> m_rest;
    const ImageF& m_albedo;
    const PosedSurface& m_surface;
    const Evidence& m_evidence;
    BackProxies m_proxies;
    const HeadHair& m_hair;
    FootColors m_feet;
    RasterBuffers m_atlas;
};

} // namespace

Result<PaintedAtlas> paintAtlas(const ShapedBody& body, const ImageF& albedo,
                                const PosedSurface& surface, const Evidence& evidence,
                                const HeadHair& hair, int size, const JobContext& job) {
    return AtlasPainter(body, albedo, surface, evidence, hair, size).run(job);
}

} // namespace strata
