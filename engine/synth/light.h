// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/camera.h"
#include "engine/core/image.h"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace strata {

/// Real spherical harmonics up to order 2 of a unit direction: 1, y, z, x, xy, yz, 3z2-1, xz, x2-y2
/// with their usual factors.
std::array<float, 9> sphericalHarmonics(const glm::vec3& direction);

/// The light on a person: what a white diffuse surface with a given normal sends out, in the
/// scene's light (before a camera's tone curve). Directions are in the camera's frame (x right, y
/// down, z away from the camera).
struct SceneLight {
    std::array<glm::vec3, 9> sh{}; // RGB
    glm::vec3 balance{1.f};        // colour of the scene's light relative to neutral, luminance 1
    float exposure = 1.f; // brightness of the scene relative to a picture that is exposed well

    /// Shading that an albedo is multiplied with; about 1 on average over the directions seen from
    /// the camera.
    glm::vec3 shade(const glm::vec3& normal) const;
    /// Where most light comes from (a unit vector towards the light). Straight up when nothing says
    /// otherwise.
    glm::vec3 mainDirection() const;

    /// Soft light from above and the front.
    static SceneLight studio();
    /// The same brightness from everywhere: colours come out as they are in the identity.
    static SceneLight flat();
};

/// Finds light from shading: `normals` with the colours seen there, in the scene's light. The
/// surface's own colour is unknown but taken as constant within each group; groups [0, groups).
/// Outliers (prints, folds) lose their say. The result is scaled so that surfaces which face the
/// camera are shaded by 1.
struct ShadingSample {
    glm::vec3 normal;
    glm::vec3 color;
    float weight = 1.f;
    int group = 0;
};
SceneLight lightFromShading(std::span<const ShadingSample> samples, int groups);

/// Estimates the light of a clip from some of its frames: the shape of the light from the shading
/// of the person who is replaced, its colour and brightness from the scene behind. Steady: one
/// light for the clip.
class LightEstimator {
public:
    LightEstimator();
    ~LightEstimator();

    /// What is known of one frame. `normals` [H, W, 3] in the camera's frame (0 where there is no
    /// body) and `parts` [H, W, 1] (index of the joint that moves the surface, 255 = no body) come
    /// from bodyNormals(); sizes are equal.
    struct Frame {
        const ImageU8* rgb = nullptr;    // the source, sRGB
        const ImageU8* alpha = nullptr;  // the person's matte
        const ImageF* normals = nullptr; // may be null: then the frame only tells about the scene
        const ImageU8* parts = nullptr;
        const ImageU8* plate = nullptr; // may be null
    };
    /// Ten to thirty frames spread over the clip are enough.
    void add(const Frame& frame);
    SceneLight estimate() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
