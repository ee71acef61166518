// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/render/mesh.h"

#include <functional>
#include <memory>
#include <vector>

namespace strata {

/// Which layer of the clip an object belongs to.
enum class SceneLayer : std::uint8_t { Background, Human, Occluder };

/// What a material is asked about.
struct SurfacePoint {
    glm::vec3 position{0.f}; // world
    glm::vec3 normal{0.f};   // towards the viewer's side
    glm::vec3 rest{0.f};     // the same point before the object moved
    glm::vec2 uv{0.f};
    float footprint = 0;    // size of a sample on the surface, metres, in its longer direction
    std::uint32_t face = 0; // within the object
};

/// What it answers. Colours are linear.
struct Surface {
    glm::vec3 albedo{0.5f};
    glm::vec3 normal{0.f};  // replaces the point's normal unless zero
    float specular = 0.02f; // reflectance seen straight on
    float gloss = 16.f;     // Blinn-Phong exponent
    float wrap = 0.f;       // light that goes round the edge of the shadow: skin, leaves, hair
};

using Material = std::function<Surface(const SurfacePoint&)>;

struct SceneObject {
    std::shared_ptr<const Mesh> mesh;
    std::shared_ptr<const Material> material;
    SceneLayer layer = SceneLayer::Background;
    bool castsShadow = true;
};

/// Sun and sky. Radiances are linear; 1 is about white paper in the sun after tone mapping.
struct Lighting {
    glm::vec3 toSun{0.3f, 0.8f, 0.5f};
    glm::vec3 sun{1.75f, 1.62f, 1.42f};
    glm::vec3 zenith{0.45f, 0.56f, 0.78f};
    glm::vec3 horizon{0.86f, 0.9f, 0.94f};
    glm::vec3 ground{0.32f, 0.3f, 0.27f}; // light reflected upwards
    float clouds = 0.5f;                  // 0 clear, 1 overcast
    float shadowSoftness = 0.05f;         // metres
    glm::vec3 shadowCentre{0.f};          // the region with shadows
    float shadowRadius = 10.f;
};

/// A ball that takes light of the sky from what is near it: feet on the ground, a hand near a wall.
struct AmbientBlocker {
    glm::vec3 centre{0.f};
    float radius = 0.1f;
};

struct Scene {
    std::vector<SceneObject> objects;
    std::vector<AmbientBlocker> blockers; // darken the background layer only
    Lighting light;

    void add(Mesh mesh, Material material, SceneLayer layer = SceneLayer::Background) {
        objects.push_back({std::make_shared<const Mesh>(std::move(mesh)),
                           std::make_shared<const Material>(std::move(material)), layer, true});
    }
};

} // namespace strata
