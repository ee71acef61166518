// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/body/camera.h"
#include "engine/core/image.h"
#include "engine/core/job_context.h"
#include "engine/core/result.h"
#include "engine/synth/light.h"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace strata {

/// A person in a picture, with the body that was fitted to it.
struct PictureSubject {
    ImageU8 rgb;  // [H, W, 3]
    ImageF alpha; // [H, W, 1], 0..1: the person's matte
    Betas betas{};
    BodyPose pose;
    Camera camera; // camera.size is the size of the picture
    /// BlazePose landmarks of the person: x, y in pixels of the picture and visibility 0..1; 33 or
    /// none. They bring the face to its place more exactly than the fit alone.
    std::vector<glm::vec3> landmarks;
};

struct IdentityOptions {
    int textureSize = 0;  // side of the atlas; 0 = chosen from the picture, 1024 or 2048
    bool displace = true; // let the outline follow hair and clothes
    bool skirt = true;    // add a piece of cloth where the picture shows one between the legs
    float shadingRemoval =
        0.9f; // 0 keeps the picture's shading, 1 takes the estimated light out altogether
};

/// A surface in the body's rest pose that moves with its bones: the displaced body, and cloth that
/// the body lacks.
struct SkinnedMesh {
    std::vector<glm::vec3> vertices; // [V], rest pose, betas and displacement applied
    std::vector<std::array<std::uint8_t, 4>> bones; // [V]
    std::vector<glm::vec4> boneWeights;             // [V], sum 1
    std::vector<glm::uvec3> faces;                  // [F]
    std::vector<glm::vec2> uvVertices;              // (0,0) bottom left of the atlas
    std::vector<glm::uvec3> uvFaces;                // [F]
};

/// Everything that is needed to draw a person in any pose.
struct Identity {
    Betas betas{};
    std::vector<glm::vec3> displacement;     // [6890], rest pose, metres
    std::vector<float> softness;             // [6890], 0 = a hard outline (skin) .. 1 = hair
    SkinnedMesh cloth;                       // may be empty; its atlas is `texture` as well
    ImageU8 texture;                         // [S, S, 3], sRGB; the body's atlas; no holes
    ImageU8 confidence;                      // [S, S, 1], 255 = seen in the picture, 0 = completed
    std::array<glm::vec3, 9> pictureLight{}; // light taken out of the picture, SH
    float personHeightPx = 0; // of the person in the picture: how fine the texture can be

    bool valid() const { return displacement.size() == kBodyVertices && !texture.empty(); }
};

/// Builds the person's surface from the picture. NothingToDo when the matte and the fitted body do
/// not meet.
Result<Identity> buildIdentity(const BodyModel& model, const PictureSubject& subject,
                               const IdentityOptions& options = {}, const JobContext& job = {});

/// Keeps an identity as one .npz file, complete or not at all.
Status saveIdentity(const std::filesystem::path& file, const Identity& identity);
Result<Identity> loadIdentity(const std::filesystem::path& file);

} // namespace strata
