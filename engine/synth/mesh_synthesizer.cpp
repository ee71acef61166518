// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/mesh_synthesizer.h"

#include "engine/core/parallel.h"
#include "engine/raster/rasterizer.h"
#include "engine/synth/color_tables.h"
#include "engine/synth/ground_shadow.h"
#include "engine/synth/matte_tools.h"
#include "engine/synth/render_mesh.h"
#include "engine/synth/soft_outline.h"
#include "engine/synth/texture_pyramid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::int64_t kSamplesPerBand = 1 << 20; // keeps the sample buffers at some 20 MB

/// The body as one moment of the exposure shows it, in the camera's frame.
struct Moment {
    std::vector<glm::vec3> vertices;
};

/// What a pixel has gathered from its samples.
struct Gathered {
    glm::vec3 color{0.f};
    float count = 0;
    float softness = 0;
    float depth = kInfinity;
};

std::vector<glm::vec3> inCamera(std::vector<glm::vec3> vertices, const Camera& camera) {
    for (auto& v : vertices)
        v = camera.toCamera(v);
    return vertices;
}

glm::vec2 projected(const glm::vec3& p, const Camera& camera) {
    return {camera.fx * p.x / p.z + camera.cx, camera.fy * p.y / p.z + camera.cy};
}

/// The pixels that the moments may touch, with a margin.
RectI regionOf(std::span<const Moment> moments, const Camera& camera, int margin) {
    glm::vec2 low(1e9f), high(-1e9f);
    bool crossesCamera = false;
    for (const auto& moment : moments)
        for (const auto& v : moment.vertices) {
            if (v.z < 0.06f) {
                crossesCamera = true;
                continue;
            }
            const glm::vec2 p = projected(v, camera);
            low = glm::min(low, p);
            high = glm::max(high, p);
        }
    const auto [w, h] = camera.size;
    if (low.x > high.x)
        return {};
    if (crossesCamera)
        return {0, 0, w, h};
    low = glm::clamp(low, glm::vec2(-1e6f), glm::vec2(1e6f));
    high = glm::clamp(high, glm::vec2(-1e6f), glm::vec2(1e6f));
    RectI r{
        std::max(0, int(std::floor(low.x)) - margin), std::max(0, int(std::floor(low.y)) - margin),
        std::min(w, int(std::ceil(high.x)) + margin), std::min(h, int(std::ceil(high.y)) + margin)};
    return r.empty() ? RectI{} : r;
}

} // namespace

struct MeshSynthesizer::Impl {
    RenderMesh mesh;
    TexturePyramid texture;
    MeshRenderOptions options;

    std::vector<Moment> moments(const FrameRequest& request) const;
    /// Of each vertex; none when the colours are to come out as they are.
    std::vector<glm::vec3> vertexLight(const Moment& moment, const FrameRequest& request) const;
    std::vector<float> faceLods(const Moment& moment, const Camera& camera) const;
    void gatherBand(const Moment& moment, std::span<const glm::vec3> light, const Camera& camera,
                    RectI band, std::span<const float> lods, Gathered* out) const;
    HumanLayer resolve(std::span<const Gathered> gathered, RectI region, int samples) const;
};

std::vector<Moment> MeshSynthesizer::Impl::moments(const FrameRequest& request) const {
    const Moment now{inCamera(mesh.posed(request.pose, request.bodyScale), request.camera)};
    if (!request.nextPose || options.shutter <= 0.f || options.blurSteps < 2)
        return {now};
    const Camera& nextCamera = request.nextCamera ? *request.nextCamera : request.camera;
    const auto next = inCamera(mesh.posed(*request.nextPose, request.bodyScale), nextCamera);
    float fastest = 0;
    for (std::size_t v = 0; v < next.size(); ++v)
        if (next[v].z > 0.1f && now.vertices[v].z > 0.1f)
            fastest = std::max(fastest, glm::distance(projected(next[v], request.camera),
                                                      projected(now.vertices[v], request.camera)));
    // A jump over a good part of the frame is a cut or a lost track, not a movement.
    if (fastest * options.shutter <= 1.5f || fastest > 0.25f * float(request.camera.size.width))
        return {now};
    std::vector<Moment> out(std::size_t(options.blurSteps), now);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const float t = options.shutter * (float(i) / float(out.size() - 1) - 0.5f);
        for (std::size_t v = 0; v < next.size(); ++v)
            out[i].vertices[v] += t * (next[v] - now.vertices[v]);
    }
    return out;
}

std::vector<glm::vec3> MeshSynthesizer::Impl::vertexLight(const Moment& moment,
                                                          const FrameRequest& request) const {
    if (options.unlit)
        return {};
    auto light = mesh.normals(moment.vertices);
    for (auto& n : light)
        n = request.light.shade(n);
    return light;
}

std::vector<float> MeshSynthesizer::Impl::faceLods(const Moment& moment,
                                                   const Camera& camera) const {
    const auto faces = mesh.faces();
    std::vector<float> lods(faces.size() / 3, 0.f);
    const float texels = float(texture.size()) * float(texture.size());
    const float perPixel = float(options.samples * options.samples);
    for (std::size_t f = 0; f < lods.size(); ++f) {
        const glm::vec3* v = moment.vertices.data();
        const glm::vec3 &a = v[faces[3 * f]], &b = v[faces[3 * f + 1]], &c = v[faces[3 * f + 2]];
        if (std::min({a.z, b.z, c.z}) < 0.06f)
            continue;
        const glm::vec2 p = projected(b, camera) - projected(a, camera);
        const glm::vec2 q = projected(c, camera) - projected(a, camera);
        // A face seen edge-on is judged as if it were turned a little: blur along one axis shows
        // more than noise.
        const float area = std::abs(p.x * q.y - p.y * q.x);
        const float open = 0.5f * glm::length(p) * glm::length(q);
        const float samples = std::max(area, 0.5f * open) * perPixel;
        lods[f] = 0.5f *
                  std::log2(std::max(mesh.uvAreas()[f] * texels, 1e-6f) / std::max(samples, 1e-6f));
    }
    return lods;
}

void MeshSynthesizer::Impl::gatherBand(const Moment& moment, std::span<const glm::vec3> light,
                                       const Camera& camera, RectI band,
                                       std::span<const float> lods, Gathered* out) const {
    const int n = options.samples;
    RasterCamera view;
    view.width = band.width() * n;
    view.height = band.height() * n;
    view.fx = camera.fx * float(n);
    view.fy = camera.fy * float(n);
    view.cx = (camera.cx - float(band.x0)) * float(n);
    view.cy = (camera.cy - float(band.y0)) * float(n);
    RasterBuffers raster;
    const auto faces = mesh.faces();
    rasterize({&moment.vertices[0].x, moment.vertices.size() * 3}, faces, view, {}, raster);

    const auto uvs = mesh.uvs();
    const auto softness = mesh.softness();
    parallelFor(0, view.height, 3 * n, [&](std::int64_t begin, std::int64_t end) {
        for (auto y = begin; y < end; ++y) {
            Gathered* row = out + (y / n) * band.width();
            for (int x = 0; x < view.width; ++x) {
                const std::size_t i = std::size_t(y) * std::size_t(view.width) + std::size_t(x);
                const std::int32_t face = raster.face[i];
                if (face < 0)
                    continue;
                const std::size_t f = std::size_t(face) * 3;
                const float w0 = raster.barycentric[2 * i], w1 = raster.barycentric[2 * i + 1];
                const float w2 = 1.f - w0 - w1;
                const glm::vec2 uv = w0 * uvs[f] + w1 * uvs[f + 1] + w2 * uvs[f + 2];
                const std::uint32_t a = faces[f], b = faces[f + 1], c = faces[f + 2];
                Gathered& pixel = row[x / n];
                const glm::vec3 color = texture.sample(uv, lods[std::size_t(face)]);
                pixel.color += light.empty()
                                   ? color
                                   : shaded(color, w0 * light[a] + w1 * light[b] + w2 * light[c]);
                pixel.softness += w0 * softness[a] + w1 * softness[b] + w2 * softness[c];
                pixel.count += 1.f;
                pixel.depth = std::min(pixel.depth, raster.depth[i]);
            }
        }
    });
}

HumanLayer MeshSynthesizer::Impl::resolve(std::span<const Gathered> gathered, RectI region,
                                          int samples) const {
    HumanLayer layer;
    layer.region = region;
    layer.rgba = ImageF(region.width(), region.height(), 4);
    layer.depth = ImageF(region.width(), region.height(), 1, kInfinity);
    ImageF softness(region.width(), region.height(), 1);
    parallelFor(0, region.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y) {
            for (int x = 0; x < region.width(); ++x) {
                const Gathered& g =
                    gathered[std::size_t(y) * std::size_t(region.width()) + std::size_t(x)];
                if (g.count <= 0.f)
                    continue;
                float* out = layer.rgba.pixel(x, y);
                for (int c = 0; c < 3; ++c)
                    out[c] = g.color[c] / g.count;
                out[3] = std::min(1.f, g.count / float(samples));
                *layer.depth.pixel(x, y) = g.depth;
                *softness.pixel(x, y) = g.softness / g.count;
            }
        }
    });
    softenOutline(layer, softness);
    return layer;
}

Result<MeshSynthesizer> MeshSynthesizer::create(const BodyModel& model, const Identity& identity,
                                                const MeshRenderOptions& options) {
    if (!identity.valid() || model.uvFaces.size() != model.faces.size())
        return Error{ErrorCode::ShapeMismatch,
                     "The identity was not made for this body model, or the model has no texture "
                     "coordinates."};
    auto impl = std::make_unique<Impl>(
        Impl{RenderMesh(model, identity), TexturePyramid(identity.texture), options});
    impl->options.samples = std::clamp(options.samples, 1, 6);
    impl->options.blurSteps = std::clamp(options.blurSteps, 1, 16);
    return MeshSynthesizer(std::move(impl));
}

MeshSynthesizer::MeshSynthesizer(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
MeshSynthesizer::MeshSynthesizer(MeshSynthesizer&&) noexcept = default;
MeshSynthesizer& MeshSynthesizer::operator=(MeshSynthesizer&&) noexcept = default;
MeshSynthesizer::~MeshSynthesizer() = default;

HumanLayer MeshSynthesizer::renderFrame(const FrameRequest& request) {
    const MeshRenderOptions& options = m_impl->options;
    const Camera& camera = request.camera;
    const auto moments = m_impl->moments(request);
    const int margin = 2 + int(std::ceil(3.f * options.sharpnessBlur));
    const RectI region = regionOf(moments, camera, margin);
    HumanLayer layer;
    if (!region.empty()) {
        const auto lods = m_impl->faceLods(moments.front(), camera);
        const auto light = m_impl->vertexLight(moments[moments.size() / 2], request);
        std::vector<Gathered> gathered(std::size_t(region.width()) * std::size_t(region.height()));
        const std::int64_t perRow =
            std::int64_t(region.width()) * options.samples * options.samples;
        const int rows = std::max(1, int(kSamplesPerBand / std::max<std::int64_t>(1, perRow)));
        for (int y = region.y0; y < region.y1; y += rows) {
            const RectI band{region.x0, y, region.x1, std::min(region.y1, y + rows)};
            Gathered* out =
                gathered.data() + std::size_t(y - region.y0) * std::size_t(region.width());
            for (const auto& moment : moments)
                m_impl->gatherBand(moment, light, camera, band, lods, out);
        }
        const int samples = options.samples * options.samples * int(moments.size());
        layer = m_impl->resolve(gathered, region, samples);
        if (options.sharpnessBlur > 0.05f)
            blurLayer(layer, options.sharpnessBlur);
        if (request.ground && options.shadowStrength > 0.f)
            addGroundShadow(layer, moments.front().vertices, m_impl->mesh.faces(), request,
                            options.shadowStrength);
    }
    layer.frame = camera.size;
    return layer;
}

Result<std::vector<HumanLayer>> MeshSynthesizer::render(std::span<const FrameRequest> frames,
                                                        const JobContext& job) {
    std::vector<HumanLayer> layers;
    layers.reserve(frames.size());
    for (const auto& request : frames) {
        if (job.stopRequested())
            return cancelled();
        const Size size = request.camera.size;
        if (size.width < 1 || size.height < 1 || !(request.camera.fx > 0.f) ||
            !(request.camera.fy > 0.f))
            return Error{ErrorCode::Internal,
                         "A frame to draw has a camera without size or focal length."};
        layers.push_back(renderFrame(request));
    }
    return layers;
}

BodyNormals bodyNormals(const ShapedBody& body, const BodyPose& pose, const Camera& camera) {
    const BodyModel& model = body.model();
    std::vector<glm::vec3> vertices(body.restVertices().size());
    body.pose(pose, vertices, {});
    vertices = inCamera(std::move(vertices), camera);
    std::vector<glm::vec3> normals(vertices.size(), glm::vec3(0.f));
    for (const auto& f : model.faces) {
        const glm::vec3 n =
            glm::cross(vertices[f.y] - vertices[f.x], vertices[f.z] - vertices[f.x]);
        for (int k = 0; k < 3; ++k)
            normals[f[k]] += n;
    }
    for (auto& n : normals)
        n = glm::length(n) > 1e-12f ? glm::normalize(n) : glm::vec3(0.f, 0.f, -1.f);
    const std::span<const std::uint32_t> faces(&model.faces[0].x, model.faces.size() * 3);
    RasterBuffers raster;
    rasterize({&vertices[0].x, vertices.size() * 3}, faces,
              {camera.size.width, camera.size.height, camera.fx, camera.fy, camera.cx, camera.cy},
              {}, raster);
    BodyNormals out{interpolate(raster, faces, {&normals[0].x, normals.size() * 3}, 3),
                    ImageU8(camera.size.width, camera.size.height, 1, 255)};
    for (std::size_t i = 0; i < raster.face.size(); ++i)
        if (const auto face = raster.face[i]; face >= 0) {
            const std::uint32_t vertex = model.faces[std::size_t(face)].x;
            out.parts.data()[i] = model.bones[vertex][0];
        }
    return out;
}

} // namespace strata
