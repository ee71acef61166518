// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/clip_place.h"

#include "engine/train/render/props.h"
#include "engine/train/render/texture.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

float fraction(float x) { return x - std::floor(x); }

glm::vec3 srgbOf(const glm::vec3& levels) { return srgb(levels.x, levels.y, levels.z); }

glm::vec3 wallColor(RandomStream& random) {
    const float grey = random.uniform(110.f, 225.f);
    return srgbOf(grey * random.inBox({0.85f, 0.88f, 0.78f}, {1.1f, 1.04f, 1.05f}));
}

glm::vec3 strongColor(RandomStream& random) {
    const float grey = random.uniform(50.f, 210.f);
    const float strength = random.uniform(0.2f, 1.f);
    return srgbOf(
        glm::mix(glm::vec3(grey), random.inBox(glm::vec3(30.f), glm::vec3(220.f)), strength));
}

Mesh groundPlane(float reach) {
    return makeQuad({-reach, 0, reach}, {reach, 0, reach}, {reach, 0, -reach}, {-reach, 0, -reach});
}

Material groundMaterial(RandomStream& random, bool indoors) {
    const glm::vec3 color = wallColor(random);
    switch (random.below(indoors ? 3 : 4)) {
    case 0:
        return indoors ? planks(color * glm::vec3(0.9f, 0.65f, 0.45f), random.uniform(0.09f, 0.2f))
                       : grass();
    case 1:
        return paving(color, random.uniform(0.3f, 0.8f));
    case 2:
        return indoors ? plain(color * 0.7f) : asphalt();
    default:
        return concrete(color);
    }
}

Material wallMaterial(RandomStream& random) {
    const glm::vec3 color = wallColor(random);
    switch (random.below(5)) {
    case 0:
        return brick(srgbOf(random.inBox({110, 70, 60}, {170, 120, 100})), srgb(164, 156, 144));
    case 1:
        return concrete(color);
    case 2:
        return planks(color * glm::vec3(0.85f, 0.7f, 0.5f), random.uniform(0.1f, 0.25f));
    default:
        return plaster(random.chance(0.3f) ? strongColor(random) : color);
    }
}

Material windowedFront(RandomStream& random) {
    const glm::vec3 color = wallColor(random);
    const float spacing = random.uniform(1.8f, 3.f);
    return houseFront(color, spacing, random.uniform(2.7f, 3.4f));
}

void addSomeTree(Scene& scene, RandomStream& random, const glm::vec3& foot) {
    const float height = random.uniform(3.2f, 6.f);
    const glm::vec3 green = srgbOf(random.inBox({60, 90, 36}, {130, 130, 64}));
    addTree(scene, foot, height, green, int(random.below(1000)), 800, 0.26f);
}

void addBoxes(Scene& scene, RandomStream& random, int count, const glm::vec3& low,
              const glm::vec3& high) {
    for (int i = 0; i < count; ++i) {
        const glm::vec3 at = random.inBox(low, high);
        const glm::vec3 size = random.inBox({0.3f, 0.3f, 0.3f}, {1.4f, 1.7f, 0.7f});
        const Material material =
            random.chance(0.5f) ? planks(strongColor(random), 0.12f) : plain(strongColor(random));
        scene.add(makeBox({at.x, 0, at.z - size.z}, {at.x + size.x, size.y, at.z}), material);
        if (random.chance(0.3f))
            scene.add(makeEllipsoid({at.x + size.x / 2, size.y + 0.18f, at.z - size.z / 2},
                                    {0.16f, 0.18f, 0.16f}, 10, 16),
                      plain(strongColor(random), 0.05f, 60));
    }
}

void street(Scene& scene, RandomStream& random, float near) {
    scene.add(groundPlane(60.f), groundMaterial(random, false));
    const float back = -near - random.uniform(2.f, 7.f);
    float x = random.uniform(-26.f, -18.f);
    while (x < 22.f) {
        const float width = random.uniform(5.f, 12.f);
        const float front = back - random.uniform(0.f, 1.5f);
        const float height = random.uniform(4.f, 10.f);
        const Material wall = random.chance(0.75f) ? windowedFront(random) : wallMaterial(random);
        addHouse(scene, x, x + width, front, height, wall);
        x += width + (random.chance(0.3f) ? random.uniform(0.5f, 3.f) : 0.1f);
    }
    for (int i = 0; i < 3; ++i)
        addLampPost(scene, {random.uniform(-7.f, 7.f), 0, -near - random.uniform(0.2f, 2.f)});
    if (random.chance(0.6f))
        addBench(scene, {random.uniform(-4.f, 2.5f), 0, -near - random.uniform(0.7f, 1.6f)});
    if (random.chance(0.5f))
        addSomeTree(scene, random, random.inBox({-5.f, 0, -near - 2.f}, {5.f, 0, -near - 1.3f}));
    addBoxes(scene, random, int(random.below(4)), {-6, 0, -near - 1.8f}, {5, 0, -near - 0.3f});
}

void park(Scene& scene, RandomStream& random, float near) {
    scene.add(groundPlane(80.f), random.chance(0.6f) ? grass() : groundMaterial(random, false));
    const int trees = 4 + int(random.below(4));
    for (int i = 0; i < trees; ++i) {
        const glm::vec3 foot = random.inBox({-11.f, 0, -near - 13.f}, {11.f, 0, -near - 1.2f});
        addSomeTree(scene, random, foot);
    }
    const float back = -near - random.uniform(6.f, 14.f);
    if (random.chance(0.6f)) {
        const float height = random.uniform(0.8f, 2.4f);
        scene.add(makeBox({-40, 0, back - 0.3f}, {40, height, back}), wallMaterial(random));
    }
    Mesh hedge;
    for (int i = 0; i < 14; ++i)
        append(hedge, makeLeaves({{-13.f + 2.f * float(i), 0.7f, back + 0.8f},
                                  {1.2f, 0.8f, 0.5f},
                                  320,
                                  0.22f,
                                  int(random.below(100000))}));
    if (random.chance(0.7f))
        scene.add(std::move(hedge), leaves(srgb(64, 88, 50)));
    if (random.chance(0.4f))
        addBench(scene, {random.uniform(-4.f, 2.5f), 0, -near - random.uniform(0.7f, 2.5f)});
    addBoxes(scene, random, int(random.below(3)), {-5, 0, -near - 3.f}, {4, 0, -near - 0.4f});
}

void room(Scene& scene, RandomStream& random, float near) {
    scene.add(groundPlane(20.f), groundMaterial(random, true));
    const float back = -near - random.uniform(0.5f, 3.5f);
    const float side = std::max(near + 1.2f, random.uniform(3.f, 7.f));
    const Material wall = wallMaterial(random);
    scene.add(makeBox({-20, 0, back - 0.3f}, {20, 5.f, back}), wall);
    if (random.chance(0.6f)) {
        scene.add(makeBox({-side - 0.3f, 0, back}, {-side, 5.f, 1.f}), wall);
        scene.add(makeBox({side, 0, back}, {side + 0.3f, 5.f, 1.f}), wall);
    }
    scene.add(makeBox({-20, 0, back}, {20, 0.13f, back + 0.03f}), plain(srgb(226, 224, 216)));
    const int pictures = int(random.below(5));
    for (int i = 0; i < pictures; ++i) { // frames, doors, windows
        const glm::vec3 at = random.inBox({-side, 0.f, back}, {side - 1.f, 1.5f, back});
        const glm::vec3 size = random.inBox({0.4f, 0.4f, 0.03f}, {1.4f, 1.9f, 0.03f});
        scene.add(makeBox(at, at + size), plain(strongColor(random)));
        scene.add(makeBox(at + glm::vec3(0.05f, 0.05f, 0.01f),
                          at + size - glm::vec3(0.05f, 0.05f, -0.01f)),
                  random.chance(0.5f) ? plaster(strongColor(random))
                                      : plain(wallColor(random), 0.05f, 80));
    }
    addBoxes(scene, random, int(random.below(5)), {-side, 0, back + 0.5f},
             {side - 1.f, 0, std::max(back + 0.55f, -near - 0.3f)});
}

void studio(Scene& scene, RandomStream& random, float near) {
    const glm::vec3 color = random.chance(0.5f) ? wallColor(random) : strongColor(random);
    scene.add(groundPlane(30.f), plain(color));
    scene.add(makeBox({-30, 0, -near - 2.3f}, {30, 12.f, -near - 2.f}), plain(color));
}

} // namespace

Scene builtPlace(const PlacePlan& plan, const Lighting& light, float radius) {
    Scene scene;
    scene.light = light;
    scene.light.shadowCentre = {0.f, 0.8f, -0.5f * radius - 0.5f};
    scene.light.shadowRadius = radius + 4.5f;
    RandomStream random(plan.seed);
    const float near = radius + 0.5f;
    switch (plan.kind) {
    case PlacePlan::Kind::Street:
        street(scene, random, near);
        break;
    case PlacePlan::Kind::Park:
        park(scene, random, near);
        break;
    case PlacePlan::Kind::Room:
        room(scene, random, near);
        break;
    case PlacePlan::Kind::Studio:
        studio(scene, random, near);
        break;
    case PlacePlan::Kind::Photo:
        break;
    }
    return scene;
}

Backdrop placeBackdrop(const TrainingAssets& assets, const PlacePlan& plan, const Camera& first) {
    if (plan.kind != PlacePlan::Kind::Photo)
        return {};
    const auto picture =
        std::make_shared<const Texture>(assets.places[plan.photo].picture.unpacked());
    const BlockPicture& blocks = assets.places[plan.photo].picture;
    const float aspect = float(blocks.blocksHigh) / float(blocks.blocksWide);
    // The picture covers `photoSpan` times the first view, so that there is room to turn.
    const float view = 2 * std::atan(0.5f * float(first.size.height) / first.fy);
    const float high = view * plan.photoSpan;
    const float wide = high / aspect;
    const glm::vec3 ahead =
        glm::transpose(first.rotation) *
        glm::normalize(glm::vec3((0.5f * float(first.size.width) - first.cx) / first.fx,
                                 (0.5f * float(first.size.height) - first.cy) / first.fy, 1.f));
    const float yaw = std::atan2(ahead.x, -ahead.z);
    const float pitch = std::asin(std::clamp(ahead.y, -1.f, 1.f));
    RandomStream random(plan.seed);
    const float slack = std::max(0.f, high - view);
    const float lift = pitch + random.uniform(-0.5f, 0.5f) * slack;
    const float aside = yaw + random.uniform(-0.5f, 0.5f) * std::max(0.f, wide - view);
    Backdrop backdrop;
    backdrop.sunShare = random.uniform(0.25f, 0.6f);
    backdrop.color = [=](const glm::vec3& d, float angle) {
        const float u = 0.5f + (std::atan2(d.x, -d.z) - aside) / wide;
        const float v = 0.5f + (std::asin(std::clamp(d.y, -1.f, 1.f)) - lift) / high;
        const glm::vec2 uv(std::abs(2 * fraction((u - 1.f) / 2) - 1),
                           std::abs(2 * fraction((v - 1.f) / 2) - 1));
        return glm::vec3(picture->sample(uv, angle / wide * float(picture->size())));
    };
    return backdrop;
}

} // namespace strata
