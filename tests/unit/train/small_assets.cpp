// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/train/small_assets.h"

#include "engine/train/render/noise.h"

#include <cmath>
#include <functional>

namespace strata::test {
namespace {

/// The faces of the body that `inside` keeps, one centimetre thicker.
WearAsset peeled(const BodyModel& body, std::string name, WearKind kind,
                 const std::function<bool(const glm::vec3&)>& inside) {
    WearAsset asset;
    asset.name = std::move(name);
    asset.kind = kind;
    Garment& g = asset.garment;
    const auto normals = vertexNormals(body.vTemplate, body.faces);
    std::vector<std::int32_t> own(body.vTemplate.size(), -1);
    g.covers.assign(body.vTemplate.size(), 0);
    for (const auto& f : body.faces) {
        if (!inside(body.vTemplate[f.x]))
            continue;
        glm::uvec3 face;
        for (int k = 0; k < 3; ++k) {
            const auto v = f[k];
            if (own[v] < 0) {
                own[v] = std::int32_t(g.mesh.vertices.size());
                g.mesh.vertices.push_back(body.vTemplate[v] + normals[v] * 0.01f);
                g.bones.push_back(body.bones[v]);
                g.boneWeights.push_back(body.boneWeights[v]);
                g.near.push_back({std::uint16_t(v), 0, 0, 0});
                g.nearWeights.emplace_back(1, 0, 0, 0);
                g.covers[v] = kind == WearKind::Hair ? 0 : 1;
            }
            face[k] = std::uint32_t(own[v]);
        }
        g.mesh.faces.push_back(face);
        asset.zones.push_back(body.vTemplate[f.x].y < body.jointTemplate[0].y ? 1 : 0);
    }
    g.hidesSkin = kind != WearKind::Hair;
    g.mesh.rest = g.mesh.vertices;
    g.mesh.normals = vertexNormals(g.mesh.vertices, g.mesh.faces);
    return asset;
}

BlockPicture noise(int width, int height, int seed) {
    ImageU8 picture(width, height, 3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c)
                picture.at(x, y, c) =
                    std::uint8_t(128 + 100 * valueNoise({float(x) / 12.f, float(y) / 12.f,
                                                         float(seed * 3 + c)}));
    return BlockPicture::of(picture);
}

MotionAsset swinging(std::string name, float way) {
    MotionAsset asset;
    asset.name = std::move(name);
    for (int i = 0; i < 12; ++i) {
        BodyPose pose;
        const float swing = std::sin(0.6f * float(i));
        pose.rotations[1] = {0.5f * swing, 0, 0};
        pose.rotations[2] = {-0.5f * swing, 0, 0};
        pose.rotations[16] = {0, 0, -1.1f};
        pose.rotations[17] = {0, 0, 1.1f};
        pose.translation = {0, 1.2f, way * float(i)};
        asset.frames.push_back(pose);
    }
    return asset;
}

} // namespace

TrainingAssets smallAssets() {
    TrainingAssets assets;
    auto body = loadBody(std::string(STRATA_SOURCE_DIR) + "/assets/body/strata_body.npz");
    if (!body)
        return assets;
    assets.body = std::move(*body);
    const BodyModel& b = assets.body;
    const float neck = b.jointTemplate[12].y;
    const float ankle = b.jointTemplate[7].y;
    const float head = b.jointTemplate[15].y;
    const auto suit = [=](const glm::vec3& p) {
        return p.y < neck && p.y > ankle && std::abs(p.x) < 0.4f;
    };
    const auto shoes = [=](const glm::vec3& p) { return p.y <= ankle; };
    const auto hair = [=](const glm::vec3& p) { return p.y > head + 0.12f; };
    assets.wear = {peeled(b, "top", WearKind::Hair, hair),
                   peeled(b, "boots", WearKind::Shoes, shoes),
                   peeled(b, "suit_1", WearKind::Suit, suit)};
    for (int i = 2; i < 12; ++i) { // enough names for both sides
        assets.wear.push_back(assets.wear[2]);
        assets.wear.back().name = "suit_" + std::to_string(i);
    }
    assets.wear[2].picture = noise(32, 32, 1);
    for (int i = 0; i < 24; ++i) { // as above
        assets.patches.push_back({"cloth" + std::to_string(i) + "/0", noise(16, 16, 20 + i)});
        assets.places.push_back({"place" + std::to_string(i) + "/0", noise(64, 48, 40 + i)});
        assets.motions.push_back(swinging("swing_" + std::to_string(i), 0.004f * float(i)));
    }
    return assets;
}

} // namespace strata::test
