// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/clip_person.h"

#include "engine/train/render/makehuman.h"
#include "engine/train/render/materials.h"
#include "engine/train/render/noise.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

float fraction(float x) { return x - std::floor(x); }

/// 1 in the first `part` of every period, with edges as soft as a sample is wide.
float band(float at, float part, float soft) {
    const float u = fraction(at);
    const float edge = std::max(soft, 1e-3f);
    const float up = std::clamp(std::min(u, 1.f - u) / edge + 0.5f, 0.f, 1.f);
    return std::clamp((part - u) / edge + 0.5f, 0.f, 1.f) * up;
}

using Picture = std::shared_ptr<const Texture>;

/// Back and forth instead of a jump at the picture's edge.
glm::vec2 mirrored(const glm::vec2& uv) {
    return {std::abs(2 * fraction(uv.x / 2) - 1), std::abs(2 * fraction(uv.y / 2) - 1)};
}

glm::vec3 pattern(const ClothLook& look, const SurfacePoint& p) {
    using Kind = ClothLook::Kind;
    const float soft = p.footprint / look.scale;
    const float seen = detailWeight(look.scale, p.footprint);
    switch (look.kind) {
    case Kind::Stripes:
        return glm::mix(look.color, look.second,
                        glm::mix(0.4f, band(p.rest.y / look.scale, 0.4f, soft), seen));
    case Kind::Checks: {
        const float a = band(p.rest.y / look.scale, 0.45f, soft);
        const float b = band((p.rest.x + 0.4f * p.rest.z) / look.scale, 0.45f, soft);
        return glm::mix(look.color, look.second, glm::mix(0.45f, 0.5f * (a + b), seen));
    }
    case Kind::Spots: {
        const float n = bandLimitedNoise(p.rest, look.scale * 1.6f, p.footprint, 2);
        return glm::mix(look.color, look.second, glm::smoothstep(0.05f, 0.2f, n));
    }
    default:
        return look.color;
    }
}

/// A sign in the middle of the chest.
float emblem(int shape, const glm::vec3& rest) {
    if (rest.z < 0)
        return 0;
    const glm::vec2 d(rest.x / 0.09f, (rest.y - 0.02f) / 0.09f);
    const float r = shape == 0   ? glm::length(d)
                    : shape == 1 ? std::max(std::abs(d.x), std::abs(d.y))
                                 : std::abs(d.y * 3.f);
    return glm::smoothstep(1.06f, 0.94f, r) * (std::abs(rest.x) < 0.16f ? 1.f : 0.f);
}

Surface clothSurface(const ClothLook& look, const Picture& picture, float texels,
                     const SurfacePoint& p) {
    Surface s;
    const bool own = look.kind == ClothLook::Kind::OwnPicture;
    if (picture && own) {
        s.albedo = glm::vec3(picture->sample(p.uv, p.footprint * texels)) * look.color;
    } else if (picture) {
        const glm::vec2 uv(p.rest.x + 0.5f * p.rest.z, p.rest.y);
        const float size = float(picture->size());
        s.albedo =
            glm::vec3(picture->sample(mirrored(uv / look.scale), p.footprint * size / look.scale)) *
            look.color;
    } else {
        s.albedo = pattern(look, p);
    }
    if (look.emblem)
        s.albedo = glm::mix(s.albedo, look.second, emblem(look.emblemShape, p.rest));
    const float fold =
        bandLimitedNoise(p.rest * glm::vec3(1, 0.5f, 1), 0.16f, p.footprint, 3, 0.6f);
    s.albedo = glm::min(s.albedo * (1 + (own ? 0.06f : 0.2f) * fold), glm::vec3(0.95f));
    s.specular = look.shine;
    s.gloss = 12;
    return s;
}

Picture pictureOf(const TrainingAssets& assets, const WearAsset& asset, const ClothLook& look) {
    if (look.kind == ClothLook::Kind::OwnPicture && !asset.picture.empty())
        return std::make_shared<const Texture>(asset.picture.unpacked());
    if (look.kind == ClothLook::Kind::Photo)
        return std::make_shared<const Texture>(assets.patches[look.patch].picture.unpacked());
    return nullptr;
}

Material clothes(const TrainingAssets& assets, const WearAsset& asset, const ClothLook& upper,
                 const ClothLook& lower) {
    const Picture pictures[2] = {pictureOf(assets, asset, upper), pictureOf(assets, asset, lower)};
    const float texels = asset.garment.texelsPerMetre;
    return [zones = asset.zones, looks = std::array{upper, lower}, first = pictures[0],
            second = pictures[1], texels](const SurfacePoint& p) {
        const std::size_t zone = p.face < zones.size() ? zones[p.face] : 0;
        return clothSurface(looks[zone], zone == 0 ? first : second, texels, p);
    };
}

/// The suit with shorter legs and sleeves; the skin that they covered is seen again.
WearAsset shortened(WearAsset asset, const BodyModel& body, float trouserEnds, float sleeveEnds) {
    const auto beyond = [&](const glm::vec3& p, float rim) {
        return p.y < trouserEnds + rim || std::abs(p.x) > sleeveEnds - rim;
    };
    Mesh& mesh = asset.garment.mesh;
    std::size_t kept = 0;
    for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
        const glm::uvec3 face = mesh.faces[f];
        if (beyond((mesh.vertices[face.x] + mesh.vertices[face.y] + mesh.vertices[face.z]) / 3.f,
                   0.f))
            continue;
        mesh.faces[kept] = face;
        if (!mesh.uvFaces.empty())
            mesh.uvFaces[kept] = mesh.uvFaces[f];
        asset.zones[kept++] = asset.zones[f];
    }
    mesh.faces.resize(kept);
    mesh.uvFaces.resize(mesh.uvFaces.empty() ? 0 : kept);
    asset.zones.resize(kept);
    for (std::size_t b = 0; b < body.vTemplate.size(); ++b)
        if (beyond(body.vTemplate[b], 0.05f))
            asset.garment.covers[b] = 0;
    return asset;
}

float lowest(const std::vector<glm::vec3>& vertices) {
    float low = 1e9f;
    for (const auto& v : vertices)
        low = std::min(low, v.y);
    return low;
}

} // namespace

ClipPerson clipPerson(const TrainingAssets& assets, const ClipRecipe& recipe) {
    const WearAsset suit =
        shortened(assets.wear[recipe.suit], assets.body, recipe.trouserEnds, recipe.sleeveEnds);
    const WearAsset& shoes = assets.wear[recipe.shoes];
    const WearAsset& strands = assets.wear[recipe.hair];
    Outfit outfit;
    outfit.garments = {suit.garment, shoes.garment, trimmed(strands.garment, recipe.hairEnds)};
    outfit.materials.push_back(clothes(assets, suit, recipe.upper, recipe.lower));
    outfit.materials.push_back(clothes(assets, shoes, recipe.feet, recipe.feet));
    const Picture strandPicture = strands.picture.empty()
                                      ? nullptr
                                      : std::make_shared<const Texture>(strands.picture.unpacked());
    outfit.materials.push_back(
        hair(recipe.hairColor, strandPicture, strands.garment.texelsPerMetre));
    const auto skinOf = [&](const std::vector<std::uint32_t>& faces) {
        return skin(assets.body, recipe.skin, faces);
    };
    const float sole = lowest(assets.body.vTemplate) - lowest(shoes.garment.mesh.vertices);
    return {DressedPerson(assets.body, recipe.betas, std::move(outfit), skinOf),
            std::clamp(sole, 0.f, 0.12f)};
}

} // namespace strata
