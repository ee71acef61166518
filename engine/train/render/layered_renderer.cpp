// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/layered_renderer.h"

#include "engine/core/parallel.h"
#include "engine/train/render/pixel_patches.h"

#include <algorithm>
#include <limits>

namespace strata {
using namespace layered;

struct LayeredRenderer::View {
    Camera camera;
    std::vector<Patch> patches;    // by pixel
    std::vector<glm::vec3> lights; // [pixel] of the clean scene
    ImageU8 scene;
    ImageF depth; // of the scene's nearest sample
};

LayeredRenderer::LayeredRenderer(Scene still, Backdrop backdrop, LayerOptions options)
    : m_still(std::move(still))
    , m_backdrop(std::move(backdrop))
    , m_options(options) {
    SceneGeometry all;
    for (const auto& object : m_still.objects) {
        (object.layer == SceneLayer::Occluder ? m_occluders : m_background).add(object);
        all.add(object);
    }
    m_shadow = std::make_unique<const ShadowMap>(all.world, all.casters, m_still.light,
                                                 m_options.stillShadowSize);
}

namespace {

void fold(ImageF& depth, int x, int y, float z) { depth.at(x, y) = std::min(depth.at(x, y), z); }

/// What is seen where no object is. A picture is as far away as the ground, where it shows that.
Patch openPatch(const Shader& shader, const Backdrop& backdrop, int x, int y) {
    constexpr float kFarthest = 40.f; // metres; the ground behind that is a view
    const glm::vec3 ray = shader.rays.through(float(x) + 0.5f, float(y) + 0.5f);
    const glm::vec3 direction = glm::normalize(ray);
    Patch p;
    p.picture = true;
    if (!backdrop.color) {
        p.light = displayed(skyRadiance(shader.light, direction), shader.exposure);
        return p;
    }
    p.surface.albedo = backdrop.color(direction, shader.pixelSize);
    p.light = p.surface.albedo;
    const float depth = ray.y < -1e-4f ? -shader.rays.eye.y / ray.y : 0.f;
    if (depth > 0 && depth < kFarthest) {
        p.position = shader.rays.eye + ray * depth;
        p.flat = p.normal = {0, 1, 0};
    }
    return p;
}

} // namespace

std::shared_ptr<const LayeredRenderer::View> LayeredRenderer::view(const Camera& camera) const {
    auto out = std::make_shared<View>();
    const auto [width, height] = camera.size;
    const int n = m_options.samplesPerSide;
    out->camera = camera;
    out->lights.assign(std::size_t(width) * height, glm::vec3(0.f));
    out->scene = ImageU8(width, height, 3);
    out->depth = ImageF(width, height, 1, std::numeric_limits<float>::infinity());
    const LayerSamples layer(m_background, camera, n);
    const Shader shader{m_still.light, CameraRays(camera), 1.f / camera.fx, n, m_options.exposure};
    std::vector<std::vector<Patch>> rows(static_cast<std::size_t>(height));
    parallelFor(0, height, 4, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y) {
            auto& row = rows[std::size_t(y)];
            row.reserve(std::size_t(width) * 5 / 4);
            for (int x = 0; x < width; ++x) {
                const auto pixel = std::size_t(y) * width + x;
                forEachObject(m_background, layer, x, y, [&](std::int64_t at, int count) {
                    Patch p;
                    if (at < 0) {
                        p = openPatch(shader, m_backdrop, x, y);
                    } else {
                        p = shader.patch(m_background, layer, std::size_t(at));
                        p.sun = m_shadow->lit(p.position, p.flat);
                        p.light = shader.shown(p, p.sun, 1.f);
                    }
                    p.weight = float(count) / float(layer.count());
                    if (at >= 0 || p.flat.y > 0)
                        fold(out->depth, x, y, camera.toCamera(p.position).z);
                    p.pixel = std::uint32_t(pixel);
                    out->lights[pixel] += p.weight * p.light;
                    if (at >= 0 || m_backdrop.color)
                        row.push_back(p);
                });
                put(out->scene, pixel, out->lights[pixel]);
            }
        }
    });
    for (const auto& row : rows)
        out->patches.insert(out->patches.end(), row.begin(), row.end());
    return out;
}

namespace {

/// One layer that is drawn anew in every frame.
struct DrawnLayer {
    ImageU8 color, alpha;

    explicit DrawnLayer(Size size)
        : color(size.width, size.height, 3)
        , alpha(size.width, size.height, 1) {}

    void add(std::size_t pixel, const glm::vec3& weighted, int samples, int of) {
        if (samples == 0)
            return;
        put(color, pixel, weighted / float(samples));
        alpha.data()[pixel] = std::uint8_t((samples * 255 + of / 2) / of);
    }
};

} // namespace

LayeredFrame LayeredRenderer::frame(const View& view, const Scene& moving, const glm::vec3& centre,
                                    float radius) const {
    const auto [width, height] = view.camera.size;
    const int n = m_options.samplesPerSide;
    SceneGeometry person;
    SceneGeometry nearer = m_occluders;
    for (const auto& object : moving.objects)
        (object.layer == SceneLayer::Occluder ? nearer : person).add(object);
    Lighting sunny = m_still.light;
    sunny.shadowCentre = centre;
    sunny.shadowRadius = radius;
    const ShadowMap shadow(person.world, person.casters, sunny, m_options.movingShadowSize);
    const LayerSamples human(person, view.camera, n);
    const LayerSamples front(nearer, view.camera, n);
    const Shader shader{m_still.light, CameraRays(view.camera), 1.f / view.camera.fx, n,
                        m_options.exposure};
    // The person is what is looked at: colour from every sample, of the sample's size.
    Shader fine = shader;
    fine.pixelSize /= float(n);

    LayeredFrame out;
    out.scene = view.scene;
    out.lit = relit(view, moving.blockers, shadow, shader);
    out.depth = view.depth;
    DrawnLayer body(view.camera.size), cover(view.camera.size);
    parallelFor(0, height, 4, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < width; ++x) {
                const auto pixel = std::size_t(y) * width + x;
                glm::vec3 sum(0.f);
                int count = 0;
                for (int k = 0; k < human.count(); ++k) {
                    const std::size_t at = human.at(x, y, k);
                    if (human.buffers.face[at] < 0)
                        continue;
                    const Patch p = fine.patch(person, human, at);
                    const float sun =
                        std::min(shadow.lit(p.position, p.flat), m_shadow->lit(p.position, p.flat));
                    sum += fine.shown(p, sun, 1.f);
                    ++count;
                    fold(out.depth, x, y, human.buffers.depth[at]);
                }
                body.add(pixel, sum, count, human.count());
                sum = glm::vec3(0.f);
                count = 0;
                forEachObject(nearer, front, x, y, [&](std::int64_t at, int samples) {
                    if (at < 0 ||
                        front.buffers.depth[std::size_t(at)] > human.buffers.depth[std::size_t(at)])
                        return;
                    const Patch p = shader.patch(nearer, front, std::size_t(at));
                    sum += float(samples) * shader.shown(p, m_shadow->lit(p.position, p.flat), 1.f);
                    count += samples;
                    fold(out.depth, x, y, front.buffers.depth[std::size_t(at)]);
                });
                cover.add(pixel, sum, count, front.count());
            }
    });
    out.human = std::move(body.color);
    out.humanAlpha = std::move(body.alpha);
    out.occluder = std::move(cover.color);
    out.occluderAlpha = std::move(cover.alpha);
    out.color = composite(out);
    return out;
}

ImageU8 LayeredRenderer::relit(const View& view, std::span<const AmbientBlocker> blockers,
                               const ShadowMap& shadow, const Shader& shader) const {
    ImageU8 out = view.scene;
    std::vector<glm::vec3> lights = view.lights;
    const auto& patches = view.patches;
    const float sunShare = m_backdrop.sunShare;
    const auto relight = [&](const Patch& p) {
        if (p.picture && p.flat.y == 0)
            return;
        const float ambient = skyVisibility(blockers, p.position, p.normal);
        const float sun = shadow.lit(p.position, p.flat);
        if (sun >= 1 && ambient >= 1)
            return;
        const glm::vec3 now = p.picture
                                  ? p.surface.albedo * (sun * sunShare + ambient * (1 - sunShare))
                                  : shader.shown(p, p.sun * sun, ambient);
        lights[p.pixel] += p.weight * (now - p.light);
        put(out, p.pixel, lights[p.pixel]);
    };
    const int width = view.camera.size.width;
    const auto firstOf = [&](std::int64_t row) { // patches are in the order of their pixels
        return std::lower_bound(
            patches.begin(), patches.end(), std::uint32_t(row * width),
            [](const Patch& p, std::uint32_t pixel) { return p.pixel < pixel; });
    };
    parallelFor(0, view.camera.size.height, 8, [&](std::int64_t begin, std::int64_t end) {
        std::for_each(firstOf(begin), firstOf(end), relight);
    });
    return out;
}

} // namespace strata
