// SPDX-License-Identifier: Apache-2.0
#include "packaging/sample/street.h"

#include "engine/train/render/props.h"

namespace strata::sample {
namespace {

void addGround(Scene& scene) {
    const auto strip = [](float near, float far, float y) {
        return makeQuad({-40, y, near}, {40, y, near}, {40, y, far}, {-40, y, far});
    };
    scene.add(strip(12.f, -1.7f, 0.f), paving(srgb(172, 164, 154), 0.5f));
    scene.add(makeBox({-40, -0.1f, -1.85f}, {40, 0.07f, -1.7f}), concrete(srgb(150, 146, 140)));
    scene.add(strip(-1.85f, -60.f, 0.02f), grass());
}

void addFence(Scene& scene) {
    scene.add(makeBox({-40, 0, -4.6f}, {40, 0.95f, -4.35f}),
              brick(srgb(140, 92, 76), srgb(164, 156, 144)));
    scene.add(makeBox({-40, 0.95f, -4.66f}, {40, 1.02f, -4.29f}), concrete(srgb(168, 162, 152)));
    for (int i = -6; i <= 6; ++i) {
        const float x = float(i) * 3.1f + 0.8f;
        scene.add(makeBox({x, 0, -4.7f}, {x + 0.36f, 1.35f, -4.25f}),
                  brick(srgb(134, 86, 70), srgb(164, 156, 144)));
        scene.add(makeBox({x - 0.05f, 1.35f, -4.75f}, {x + 0.41f, 1.43f, -4.2f}),
                  concrete(srgb(170, 164, 154)));
    }
}

void addOccluder(Scene& scene) {
    constexpr auto layer = SceneLayer::Occluder;
    // Planter: a concrete trough with a shrub.
    scene.add(makeBox({-1.05f, 0, 1.25f}, {0.02f, 0.58f, 1.7f}), concrete(srgb(176, 170, 158)),
              layer);
    scene.add(makeBox({-1.09f, 0.55f, 1.21f}, {0.06f, 0.63f, 1.74f}), concrete(srgb(186, 180, 168)),
              layer);
    Mesh shrub;
    for (int i = 0; i < 4; ++i)
        append(shrub, makeLeaves({{-0.88f + 0.25f * float(i), 0.74f + 0.05f * float(i % 2), 1.47f},
                                  {0.23f, 0.2f, 0.2f},
                                  1500,
                                  0.046f,
                                  40 + i}));
    for (int i = 0; i < 4; ++i) // the dark inside, so that nothing is seen through the leaves
        append(shrub,
               makeEllipsoid({-0.88f + 0.25f * float(i), 0.74f + 0.05f * float(i % 2), 1.47f},
                             {0.19f, 0.16f, 0.16f}, 10, 16));
    scene.add(std::move(shrub), leaves(srgb(70, 98, 50)), layer);
    // Pillar of a gate.
    scene.add(makeBox({0.26f, 0, 1.3f}, {0.5f, 2.9f, 1.54f}),
              brick(srgb(150, 122, 100), srgb(178, 170, 156)), layer);
    scene.add(makeBox({0.21f, 0, 1.25f}, {0.55f, 0.3f, 1.59f}), concrete(srgb(160, 154, 146)),
              layer);
}

} // namespace

Scene makeStreet() {
    Scene scene;
    scene.light.toSun = {-0.5f, 0.95f, 0.6f};
    scene.light.shadowCentre = {0, 0.5f, -1.5f};
    scene.light.shadowRadius = 9.5f;
    addGround(scene);
    addFence(scene);
    addBench(scene, {1.7f, 0, -2.6f});
    addLampPost(scene, {-2.5f, 0, -2.2f});
    addTree(scene, {-4.6f, 0, -7.f}, 4.6f, srgb(84, 116, 46), 1);
    addTree(scene, {0.9f, 0, -8.2f}, 5.2f, srgb(98, 124, 52), 2);
    addTree(scene, {5.6f, 0, -6.6f}, 4.4f, srgb(76, 108, 48), 3);
    addTree(scene, {-9.5f, 0, -9.f}, 5.5f, srgb(92, 112, 44), 4);
    addHouse(scene, -16.f, -3.2f, -13.f, 9.2f, houseFront(srgb(206, 192, 166), 2.6f, 3.05f));
    addHouse(scene, -3.f, 6.4f, -14.f, 8.6f, houseFront(srgb(176, 128, 106), 2.3f, 2.9f));
    addHouse(scene, 6.6f, 22.f, -13.f, 9.6f, houseFront(srgb(206, 208, 204), 2.8f, 3.2f));
    Mesh hedge;
    for (int i = 0; i < 26; ++i)
        append(hedge, makeLeaves({{-14.f + 1.1f * float(i), 0.75f, -5.6f},
                                  {0.75f, 0.75f, 0.4f},
                                  900,
                                  0.085f,
                                  60 + i}));
    scene.add(std::move(hedge), leaves(srgb(64, 88, 50)));
    addOccluder(scene);
    return scene;
}

Scene makeCourtyard(int variant) {
    Scene scene;
    scene.light.toSun = variant ? glm::vec3(0.5f, 0.9f, 0.9f) : glm::vec3(-0.6f, 0.9f, 0.8f);
    scene.light.shadowCentre = {0, 1.f, -0.5f};
    scene.light.shadowRadius = 4.f;
    const Mesh ground = makeQuad({-20, 0, 8}, {20, 0, 8}, {20, 0, -3}, {-20, 0, -3});
    const Mesh wall = makeBox({-20, 0, -3.3f}, {20, 6.f, -3});
    if (variant == 0) {
        scene.add(ground, paving(srgb(176, 168, 156), 0.6f));
        scene.add(wall, plaster(srgb(214, 206, 188)));
    } else {
        scene.add(ground, planks(srgb(148, 116, 84), 0.14f));
        scene.add(wall, plaster(srgb(150, 168, 172)));
        scene.add(makeBox({-20, 0, -3}, {20, 0.16f, -2.96f}), plain(srgb(226, 224, 216)));
    }
    return scene;
}

} // namespace strata::sample
