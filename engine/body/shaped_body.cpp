// SPDX-License-Identifier: Apache-2.0
#include "engine/body/body_model.h"
#include "engine/core/parallel.h"

#include <cassert>

namespace strata {
namespace {

constexpr int kPoseFeatures = 9 * (kBodyJoints - 1); // 207
constexpr std::int64_t kGrain = 512;                 // vertices per piece of work

/// Affine map as rows, so that four of them blend with vector operations.
struct Affine {
    glm::vec4 row[3];
};

/// Which joints bend the pose correctives this time: those at rest add nothing and are skipped.
struct PoseFeatures {
    std::array<float, kPoseFeatures> values{};
    bool any = false;
};

PoseFeatures poseFeatures(const std::array<glm::mat3, kBodyJoints>& rotations) {
    PoseFeatures features;
    for (int j = 1; j < kBodyJoints; ++j) {
        for (int r = 0; r < 3; ++r) {
            for (int c = 0; c < 3; ++c) { // row-major, as in SMPL's files
                const float value = rotations[j][c][r] - (r == c ? 1.f : 0.f);
                features.values[9 * (j - 1) + 3 * r + c] = value;
                features.any = features.any || value != 0.f;
            }
        }
    }
    return features;
}

/// Dot product with eight running sums, which the compiler keeps in vector registers.
float dot(const float* a, const float* b) {
    constexpr int kLanes = 8;
    float sums[kLanes] = {};
    int k = 0;
    for (; k + kLanes <= kPoseFeatures; k += kLanes)
        for (int l = 0; l < kLanes; ++l)
            sums[l] += a[k + l] * b[k + l];
    float rest = 0;
    for (; k < kPoseFeatures; ++k)
        rest += a[k] * b[k];
    return rest + ((sums[0] + sums[4]) + (sums[2] + sums[6])) +
           ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

} // namespace

ShapedBody::ShapedBody(const BodyModel& model, const Betas& betas)
    : m_model(&model)
    , m_vertices(model.vTemplate) {
    for (std::size_t v = 0; v < m_vertices.size(); ++v)
        for (int c = 0; c < 3; ++c)
            for (int b = 0; b < kBodyBetas; ++b)
                m_vertices[v][c] += model.shapeDirs[(v * 3 + c) * kBodyBetas + b] * betas[b];
    for (int j = 0; j < kBodyJoints; ++j) {
        m_joints[j] = model.jointTemplate[j];
        for (int c = 0; c < 3; ++c)
            for (int b = 0; b < kBodyBetas; ++b)
                m_joints[j][c] += model.jointShapeDirs[(j * 3 + c) * kBodyBetas + b] * betas[b];
    }
}

void ShapedBody::pose(const BodyPose& pose, std::span<glm::vec3> vertices,
                      std::span<glm::vec3> joints) const {
    std::array<glm::mat3, kBodyJoints> local;
    std::array<glm::mat3, kBodyJoints> global;
    std::array<glm::vec3, kBodyJoints> positions;
    for (int j = 0; j < kBodyJoints; ++j) {
        local[j] = rotationOf(pose.rotations[j]);
        const int parent = m_model->parents[j];
        global[j] = parent < 0 ? local[j] : global[parent] * local[j];
        positions[j] = parent < 0
                           ? m_joints[j]
                           : global[parent] * (m_joints[j] - m_joints[parent]) + positions[parent];
    }
    assert(joints.empty() || joints.size() == kBodyJoints);
    for (std::size_t j = 0; j < joints.size(); ++j)
        joints[j] = positions[j] + pose.translation;
    if (vertices.empty())
        return;
    assert(vertices.size() == m_vertices.size());

    std::array<Affine, kBodyJoints> bones;
    for (int j = 0; j < kBodyJoints; ++j) {
        const glm::vec3 shift = positions[j] - global[j] * m_joints[j] + pose.translation;
        for (int r = 0; r < 3; ++r)
            bones[j].row[r] = {global[j][0][r], global[j][1][r], global[j][2][r], shift[r]};
    }
    const PoseFeatures features = poseFeatures(local);
    const float* const dirs = m_model->poseDirs.empty() ? nullptr : m_model->poseDirs.data();
    parallelFor(
        0, std::int64_t(vertices.size()), kGrain, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t v = begin; v < end; ++v) {
                glm::vec4 p(m_vertices[v], 1.f);
                if (dirs && features.any)
                    for (int c = 0; c < 3; ++c)
                        p[c] += dot(dirs + (v * 3 + c) * kPoseFeatures, features.values.data());
                const auto& index = m_model->bones[v];
                const glm::vec4& weight = m_model->boneWeights[v];
                for (int c = 0; c < 3; ++c) {
                    const glm::vec4 row =
                        weight.x * bones[index[0]].row[c] + weight.y * bones[index[1]].row[c] +
                        weight.z * bones[index[2]].row[c] + weight.w * bones[index[3]].row[c];
                    vertices[v][c] = glm::dot(row, p);
                }
            }
        });
}

} // namespace strata
