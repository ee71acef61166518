// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/camera.h"
#include "engine/raster/rasterizer.h"
#include "engine/train/render/scene.h"

namespace strata {

/// Objects of a scene as one mesh, as the rasteriser wants it. The scene must outlive it.
struct SceneGeometry {
    std::vector<const SceneObject*> objects;
    std::vector<std::uint32_t> firstFace;      // of each object, and the end
    std::vector<float> world;                  // [V, 3]
    std::vector<std::uint32_t> faces, casters; // [F, 3]; those that cast shadows

    SceneGeometry() { firstFace.push_back(0); }
    void add(const SceneObject& object);

    /// The vertices in the frame of `camera`, [V, 3].
    std::vector<float> seenBy(const Camera& camera) const;
    /// Which of the objects a face belongs to.
    std::size_t objectOf(std::uint32_t face) const;
};

/// What a camera sees at one sample, for the material. `ray` goes from the eye through the sample
/// to depth 1, in the world; `sampleSize` is that of a sample at depth 1.
SurfacePoint surfaceAt(const SceneGeometry& geometry, const RasterBuffers& raster, std::size_t at,
                       const glm::vec3& eye, const glm::vec3& ray, float sampleSize);

/// Place of the camera and direction of a pixel's ray (to depth 1) in the world.
struct CameraRays {
    glm::vec3 eye;
    glm::mat3 toWorld;
    float fx, fy, cx, cy;

    explicit CameraRays(const Camera& camera);
    glm::vec3 through(float u, float v) const {
        return toWorld * glm::vec3((u - cx) / fx, (v - cy) / fy, 1.f);
    }
};

} // namespace strata
