// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/render_mesh.h"

#include "engine/body/bone_transforms.h"
#include "engine/synth/atlas_layout.h"

#include <cmath>

namespace strata {

RenderMesh::RenderMesh(const BodyModel& model, const Betas& betas)
    : m_body(model, betas)
    , m_legs(m_body)
    , m_softness(model.vTemplate.size(), 0.f)
    , m_vertexCount(model.vTemplate.size()) {
    const AtlasLayout layout = layOutAtlas(model);
    addFaces(model.faces, layout.faces, layout.vertices, 0, false);
    m_outerFaces = m_faces.size() / 3;
}

RenderMesh::RenderMesh(const BodyModel& model, const Identity& identity)
    : RenderMesh(model, identity.betas) {
    m_displacement = identity.displacement;
    if (identity.softness.size() == m_vertexCount)
        m_softness = identity.softness;
    m_cloth = identity.cloth;
    for (const auto& rest : m_cloth.vertices)
        m_clothRoom.push_back(m_legs.room(rest));
    const auto first = std::uint32_t(m_vertexCount);
    addFaces(m_cloth.faces, m_cloth.uvFaces, m_cloth.uvVertices, first, false);
    m_outerFaces = m_faces.size() / 3;
    addFaces(m_cloth.faces, m_cloth.uvFaces, m_cloth.uvVertices, first, true);
    m_vertexCount += m_cloth.vertices.size();
    m_softness.resize(m_vertexCount, 0.f);
}

void RenderMesh::addFaces(std::span<const glm::uvec3> faces, std::span<const glm::uvec3> uvFaces,
                          std::span<const glm::vec2> uvs, std::uint32_t firstVertex, bool turned) {
    for (std::size_t f = 0; f < faces.size(); ++f) {
        glm::vec2 corner[3] = {};
        for (int k = 0; k < 3; ++k) {
            const int source = turned ? 2 - k : k;
            m_faces.push_back(firstVertex + faces[f][source]);
            if (f < uvFaces.size())
                corner[k] = uvs[uvFaces[f][source]];
            m_uvs.push_back(corner[k]);
        }
        const glm::vec2 a = corner[1] - corner[0], b = corner[2] - corner[0];
        m_uvAreas.push_back(std::abs(a.x * b.y - a.y * b.x));
    }
}

std::vector<glm::vec3> RenderMesh::posed(const BodyPose& pose, float scale) const {
    const std::size_t bodyVertices = m_body.restVertices().size();
    std::vector<glm::vec3> out(m_vertexCount);
    std::array<glm::vec3, kBodyJoints> joints;
    m_body.pose(pose, std::span(out).first(bodyVertices), joints);
    if (!m_displacement.empty()) {
        const BoneTransforms bones = boneTransforms(m_body, pose);
        const BodyModel& model = m_body.model();
        for (std::size_t v = 0; v < bodyVertices; ++v)
            out[v] +=
                bones.blendedRotation(model.bones[v], model.boneWeights[v]) * m_displacement[v];
        for (std::size_t v = 0; v < m_cloth.vertices.size(); ++v) {
            glm::vec3& at = out[bodyVertices + v];
            at = bones.point(m_cloth.vertices[v], m_cloth.bones[v], m_cloth.boneWeights[v]);
            m_legs.pushOut(at, m_clothRoom[v], joints);
        }
    }
    if (scale != 1.f)
        for (auto& p : out)
            p = scale * (p - pose.translation) + pose.translation;
    return out;
}

std::vector<glm::vec3> RenderMesh::normals(std::span<const glm::vec3> vertices) const {
    std::vector<glm::vec3> out(vertices.size(), glm::vec3(0.f));
    for (std::size_t f = 0; f < m_outerFaces; ++f) {
        const std::uint32_t* index = m_faces.data() + 3 * f;
        const glm::vec3& a = vertices[index[0]];
        const glm::vec3 n = glm::cross(vertices[index[1]] - a, vertices[index[2]] - a);
        for (int k = 0; k < 3; ++k)
            out[index[k]] += n; // weighted by area
    }
    for (auto& n : out) {
        const float length = glm::length(n);
        n = length > 1e-12f ? n / length : glm::vec3(0.f, 1.f, 0.f);
    }
    return out;
}

} // namespace strata
