// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/props.h"

#include <cmath>

namespace strata {

void addTree(Scene& scene, const glm::vec3& foot, float height, const glm::vec3& color, int seed,
             int leafCount, float leafLength) {
    scene.add(makeCylinder(foot, 0.17f, 0.1f, height * 0.6f, 14), bark());
    Mesh crown;
    for (int i = 0; i < 4; ++i) {
        const float angle = float(i) * 1.57f + float(seed);
        const float away = i == 3 ? 0.f : 0.8f;
        append(crown, makeLeaves({foot + glm::vec3(away * std::cos(angle),
                                                   height * (0.66f + 0.08f * float(i)),
                                                   away * std::sin(angle)),
                                  {1.25f, 0.95f, 1.25f},
                                  leafCount,
                                  leafLength,
                                  seed * 10 + i}));
    }
    scene.add(std::move(crown), leaves(color));
}

void addHouse(Scene& scene, float x0, float x1, float z, float height, const Material& front) {
    scene.add(makeBox({x0, 0, z - 6}, {x1, height, z}), front);
    scene.add(makeBox({x0 - 0.3f, height, z - 6.3f}, {x1 + 0.3f, height + 0.35f, z + 0.35f}),
              plain(srgb(92, 82, 78)));
}

void addBench(Scene& scene, const glm::vec3& at) {
    const Material wood = planks(srgb(150, 104, 66), 0.09f);
    const auto box = [&](const glm::vec3& low, const glm::vec3& high) {
        return makeBox(at + low, at + high);
    };
    scene.add(box({0, 0.42f, 0}, {1.7f, 0.47f, 0.42f}), wood);
    scene.add(box({0, 0.55f, -0.05f}, {1.7f, 0.85f, 0.f}), wood);
    for (const float x : {0.1f, 1.5f})
        scene.add(box({x, 0, 0}, {x + 0.09f, 0.85f, 0.38f}), plain(srgb(60, 62, 64), 0.05f, 60));
}

void addLampPost(Scene& scene, const glm::vec3& foot) {
    scene.add(makeCylinder(foot, 0.055f, 0.04f, 4.5f, 16), plain(srgb(52, 60, 58), 0.05f, 80));
}

} // namespace strata
