// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/rotations.h"
#include "engine/core/result.h"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace strata {

constexpr int kBodyVertices = 6890; // SMPL's, in SMPL's order
constexpr int kBodyJoints = 24;     // SMPL's tree; SMPL-H files are reduced to it (hands stay flat)
constexpr int kBodyBetas = 10;

/// A body in SMPL layout. Metres; y up, facing +z, the body's left is +x; the T-pose.
///   v_shaped = v_template + shapedirs * betas;  J = J_regressor * v_shaped
///   v_posed  = v_shaped + posedirs * vec(R[1:] - I);  then linear blend skinning
/// (Loper et al., SMPL, SIGGRAPH Asia 2015, eq. 2-9).
struct BodyModel {
    std::string name;                               // "strata", "smpl", "smplh"
    std::vector<glm::vec3> vTemplate;               // [V]
    std::vector<glm::uvec3> faces;                  // [13776], counter-clockwise seen from outside
    std::vector<float> shapeDirs;                   // [V, 3, 10]
    std::vector<float> poseDirs;                    // [V, 3, 207]
    std::vector<float> jointRegressor;              // [24, V]
    std::vector<glm::vec3> jointTemplate;           // [24]: jointRegressor * vTemplate
    std::vector<float> jointShapeDirs;              // [24, 3, 10]: jointRegressor * shapeDirs
    std::vector<std::array<std::uint8_t, 4>> bones; // [V] the four strongest joints
    std::vector<glm::vec4> boneWeights;             // [V] their weights, sum 1
    std::array<int, kBodyJoints> parents{};         // parents[0] = -1
    std::array<glm::vec3, kBodyJoints> aPose{};     // axis-angle of the canonical A-pose
    // What only the free body has (empty otherwise; an SMPL file borrows them from the free body,
    // whose vertices are in the same order):
    std::vector<glm::vec2> uvVertices;     // [7765], (0,0) bottom left
    std::vector<glm::uvec3> uvFaces;       // [13776]
    std::vector<std::int32_t> partLabels;  // [V], index of the joint that moves the vertex most
    std::vector<std::int32_t> mirrorIndex; // [V], the vertex on the other side
    std::vector<std::int32_t> eyeLabels;   // [V], 1 left, 2 right eyeball, 0 elsewhere
};

/// Reads our free body (.npz), SMPL or SMPL-H (.npz or .pkl, as the model's authors publish them).
/// What an SMPL file lacks (UV, part labels, mirror index, A-pose) is borrowed from `freeBody` when
/// that is given; without it part labels come from the weights, the A-pose from two angles, and UV
/// and mirror index stay empty.
Result<BodyModel> loadBody(const std::filesystem::path& path, const BodyModel* freeBody = nullptr);

using Betas = std::array<float, kBodyBetas>;

/// One frame of motion: axis-angle rotations in the parents' frames (joint 0 = root orientation)
/// and the translation that is added after posing.
struct BodyPose {
    std::array<glm::vec3, kBodyJoints> rotations{};
    glm::vec3 translation{0.f};
};

/// The model with betas applied, ready to be posed many times.
class ShapedBody {
public:
    ShapedBody(const BodyModel& model, const Betas& betas);

    /// Posed vertices [V] and joints [24], in the frame that pose.translation is given in. Either
    /// may be empty. Uses parallelFor; safe to call from several threads at once.
    void pose(const BodyPose& pose, std::span<glm::vec3> vertices,
              std::span<glm::vec3> joints) const;

    const BodyModel& model() const { return *m_model; }
    std::span<const glm::vec3> restVertices() const { return m_vertices; }
    std::span<const glm::vec3> restJoints() const { return m_joints; }

private:
    const BodyModel* m_model; // not owned; must outlive this
    std::vector<glm::vec3> m_vertices;
    std::array<glm::vec3, kBodyJoints> m_joints;
};

} // namespace strata
