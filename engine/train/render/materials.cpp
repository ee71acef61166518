// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/materials.h"

#include "engine/train/render/display_curve.h"
#include "engine/train/render/noise.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// Metres along the surface of something upright: x or z, and y.
glm::vec2 wallCoordinates(const SurfacePoint& p) {
    if (std::abs(p.normal.y) > 0.7f)
        return {p.rest.x, p.rest.z};
    return {std::abs(p.normal.x) > std::abs(p.normal.z) ? p.rest.z : p.rest.x, p.rest.y};
}

/// 1 inside, 0 outside of the middle part of a cell; edges as wide as a sample.
float inside(float position, float low, float high, float footprint) {
    const float soft = std::max(footprint, 0.002f);
    return glm::clamp((position - low) / soft + 0.5f, 0.f, 1.f) *
           glm::clamp((high - position) / soft + 0.5f, 0.f, 1.f);
}

float fraction(float x) { return x - std::floor(x); }

} // namespace

glm::vec3 srgb(float r, float g, float b) { return {srgbLight(r), srgbLight(g), srgbLight(b)}; }

Material plain(const glm::vec3& color, float specular, float gloss) {
    return [=](const SurfacePoint&) {
        Surface s;
        s.albedo = color;
        s.specular = specular;
        s.gloss = gloss;
        return s;
    };
}

Material brick(const glm::vec3& color, const glm::vec3& mortar) {
    return [=](const SurfacePoint& p) {
        constexpr float width = 0.24f, height = 0.083f, joint = 0.011f;
        const glm::vec2 w = wallCoordinates(p);
        const float row = std::floor(w.y / height);
        const float shifted = w.x + (std::fmod(std::abs(row), 2.f) > 0.5f ? width / 2 : 0);
        const float column = std::floor(shifted / width);
        const float u = shifted - column * width;
        const float v = w.y - row * height;
        const float stone = inside(u, joint / 2, width - joint / 2, p.footprint) *
                            inside(v, joint / 2, height - joint / 2, p.footprint);
        const float seen = detailWeight(height, p.footprint);
        const float own = hash01(int(row), int(column), 5) - 0.5f;
        const glm::vec3 kiln =
            color * (1 + 0.55f * own * seen) +
            glm::vec3(0.03f, -0.01f, -0.015f) * (hash01(int(column), int(row), 9) * seen);
        const float rough = bandLimitedNoise(p.rest, 0.12f, p.footprint, 4, 0.7f);
        const float dirt = bandLimitedNoise(p.rest, 1.7f, p.footprint, 3);
        Surface s;
        const float mean = 0.82f;
        s.albedo = glm::mix(mortar, kiln, glm::mix(mean, stone, seen)) *
                   (1 + 0.22f * rough + 0.18f * dirt);
        return s;
    };
}

Material plaster(const glm::vec3& color) {
    return [=](const SurfacePoint& p) {
        Surface s;
        const float stain =
            bandLimitedNoise(p.rest * glm::vec3(1, 0.4f, 1), 2.2f, p.footprint, 6, 0.6f);
        s.albedo = color * (1 + 0.13f * stain);
        return s;
    };
}

Material concrete(const glm::vec3& color) {
    return [=](const SurfacePoint& p) {
        Surface s;
        const float cloud = bandLimitedNoise(p.rest, 0.7f, p.footprint, 7, 0.65f);
        const float streak =
            bandLimitedNoise(p.rest * glm::vec3(4, 0.35f, 4), 0.6f, p.footprint, 3);
        const float pore =
            detailWeight(0.012f, p.footprint) * std::max(0.f, valueNoise(p.rest * 90.f) - 0.45f);
        s.albedo = color * (1 + 0.22f * cloud + 0.14f * streak - 0.9f * pore);
        return s;
    };
}

Material paving(const glm::vec3& color, float slab) {
    return [=](const SurfacePoint& p) {
        const float row = std::floor(p.rest.z / slab);
        const float shifted = p.rest.x + (std::fmod(std::abs(row), 2.f) > 0.5f ? slab / 2 : 0);
        const float column = std::floor(shifted / slab);
        const float joint = 0.01f;
        const float stone =
            inside(shifted - column * slab, joint / 2, slab - joint / 2, p.footprint) *
            inside(p.rest.z - row * slab, joint / 2, slab - joint / 2, p.footprint);
        const float seen = detailWeight(0.05f, p.footprint);
        const float own =
            (hash01(int(row), int(column), 3) - 0.5f) * detailWeight(slab, p.footprint);
        const float grainy = bandLimitedNoise(p.rest, 0.35f, p.footprint, 6, 0.75f);
        const float worn = bandLimitedNoise(p.rest, 2.5f, p.footprint, 3);
        Surface s;
        s.albedo = color * (1 + 0.3f * own + 0.3f * grainy + 0.15f * worn) *
                   glm::mix(0.97f, glm::mix(0.42f, 1.f, stone), seen);
        s.gloss = 10;
        return s;
    };
}

Material asphalt() {
    return [](const SurfacePoint& p) {
        Surface s;
        const float grainy = bandLimitedNoise(p.rest, 0.08f, p.footprint, 4, 0.8f);
        const float worn = bandLimitedNoise(p.rest, 3.f, p.footprint, 4);
        s.albedo = srgb(105, 104, 103) * (1 + 0.35f * grainy + 0.2f * worn);
        return s;
    };
}

Material grass() {
    return [](const SurfacePoint& p) {
        Surface s;
        const float blades =
            bandLimitedNoise(p.rest * glm::vec3(1, 1, 0.6f), 0.09f, p.footprint, 4, 0.9f);
        const float patch = bandLimitedNoise(p.rest, 1.6f, p.footprint, 4);
        s.albedo = glm::mix(srgb(76, 90, 48), srgb(118, 120, 70), 0.5f + 0.5f * patch) *
                   (1 + 0.5f * blades);
        s.wrap = 0.3f;
        return s;
    };
}

Material planks(const glm::vec3& color, float width) {
    return [=](const SurfacePoint& p) {
        const glm::vec2 w = wallCoordinates(p);
        const float row = std::floor(w.y / width);
        const float board = inside(w.y - row * width, 0.004f, width - 0.004f, p.footprint);
        const glm::vec3 along(w.x * 1.2f + 13 * row, w.y * 28.f, row);
        const float ring = bandLimitedNoise(along, 0.8f, p.footprint * 12, 4, 0.7f);
        const float own = hash01(int(row), 11) - 0.5f;
        Surface s;
        s.albedo = color * (1 + 0.3f * ring + 0.3f * own) *
                   glm::mix(0.3f, 1.f, glm::mix(0.93f, board, detailWeight(0.02f, p.footprint)));
        s.specular = 0.03f;
        s.gloss = 30;
        return s;
    };
}

Material bark() {
    return [](const SurfacePoint& p) {
        Surface s;
        const float ridge =
            bandLimitedNoise(p.rest * glm::vec3(1, 0.22f, 1), 0.07f, p.footprint, 4, 0.7f);
        s.albedo = srgb(104, 86, 68) * (1 + 0.55f * ridge);
        return s;
    };
}

Material leaves(const glm::vec3& color) {
    return [=](const SurfacePoint& p) {
        const float own = hash01(int(p.face / 2), 3, 1);
        Surface s;
        s.albedo = color * (0.65f + 0.7f * own) +
                   glm::vec3(0.03f, 0.02f, 0.f) * hash01(int(p.face / 2), 8);
        s.specular = 0.035f;
        s.gloss = 24;
        s.wrap = 0.35f;
        return s;
    };
}

Material houseFront(const glm::vec3& wall, float spacing, float floor) {
    const Material base = plaster(wall);
    return [=](const SurfacePoint& p) {
        Surface s = base(p);
        const glm::vec2 w = wallCoordinates(p);
        const float column = std::floor(w.x / spacing);
        const float row = std::floor(w.y / floor);
        const float u = fraction(w.x / spacing) * spacing - spacing / 2;
        const float v = fraction(w.y / floor) * floor;
        const float f = p.footprint;
        const float frame = inside(u, -0.62f, 0.62f, f) * inside(v, 0.85f, 2.45f, f);
        const float paneU = std::abs(std::abs(u) - 0.28f);
        const float pane = inside(paneU, -1.f, 0.23f, f) * inside(v, 0.95f, 1.9f, f) +
                           inside(paneU, -1.f, 0.23f, f) * inside(v, 1.98f, 2.36f, f);
        const float sill = inside(u, -0.72f, 0.72f, f) * inside(v, 0.77f, 0.85f, f);
        const float curtain = hash01(int(column), int(row), 21);
        const glm::vec3 glass =
            glm::mix(srgb(38, 46, 56), srgb(150, 146, 138),
                     curtain > 0.6f && std::abs(u) > 0.18f * curtain ? 0.7f : 0.12f * v);
        s.albedo = glm::mix(s.albedo, srgb(214, 210, 200), std::min(1.f, frame + sill));
        s.albedo = glm::mix(s.albedo, glass, std::min(1.f, pane));
        if (pane > 0.5f) {
            s.specular = 0.05f;
            s.gloss = 200;
        }
        return s;
    };
}

Material cloth(const glm::vec3& color, const glm::vec3& second, float stripes) {
    return [=](const SurfacePoint& p) {
        Surface s;
        const float fold =
            bandLimitedNoise(p.rest * glm::vec3(1, 0.5f, 1), 0.16f, p.footprint, 3, 0.6f);
        const float weave = bandLimitedNoise(p.rest, 0.012f, p.footprint, 2, 0.8f);
        s.albedo = color;
        if (stripes > 0) {
            const float at = fraction(p.rest.y / stripes);
            s.albedo = glm::mix(color, second, inside(at, 0.f, 0.4f, p.footprint / stripes));
        }
        s.albedo *= 1 + 0.16f * fold + 0.14f * weave;
        s.specular = 0.015f;
        s.gloss = 6;
        return s;
    };
}

Material textured(std::shared_ptr<const Texture> texture, float texelsPerMetre,
                  const glm::vec3& tint, float specular, float gloss) {
    return [=](const SurfacePoint& p) {
        Surface s;
        const float weave = bandLimitedNoise(p.rest, 0.02f, p.footprint, 2, 0.8f);
        s.albedo = glm::vec3(texture->sample(p.uv, p.footprint * texelsPerMetre)) * tint *
                   (1 + 0.08f * weave);
        s.specular = specular;
        s.gloss = gloss;
        return s;
    };
}

Material hair(const glm::vec3& color, std::shared_ptr<const Texture> texture,
              float texelsPerMetre) {
    float mean = 1;
    if (texture) {
        // Of the painted part alone: the coarsest level weighted by what it covers.
        const glm::vec4 all = texture->sample({0.5f, 0.5f}, 1e6f);
        mean =
            std::max(0.01f, (0.3f * all.x + 0.6f * all.y + 0.1f * all.z) / std::max(0.1f, all.w));
    }
    return [=](const SurfacePoint& p) {
        Surface s;
        const float strand =
            bandLimitedNoise(p.rest * glm::vec3(1, 0.16f, 1), 0.012f, p.footprint, 3, 0.8f);
        s.albedo = color;
        if (texture) {
            // The picture's brightness carries the strands; its own colour gives way to ours.
            const glm::vec3 t(texture->sample(p.uv, p.footprint * texelsPerMetre));
            const float light = 0.3f * t.x + 0.6f * t.y + 0.1f * t.z;
            s.albedo = color * std::clamp(0.4f + 0.6f * light / mean, 0.4f, 2.2f);
        }
        s.albedo *= 1 + 0.4f * strand;
        s.specular = 0.04f;
        s.gloss = 18;
        s.wrap = 0.25f;
        return s;
    };
}

} // namespace strata
