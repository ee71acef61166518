// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/dressed_person.h"

#include "engine/core/parallel.h"

#include <array>

namespace strata {
namespace {

struct JointMotion {
    glm::mat3 rotation{1.f};
    glm::vec3 from{0.f}, to{0.f}; // the joint at rest and posed
};

std::array<JointMotion, kBodyJoints> jointMotions(const ShapedBody& body, const BodyPose& pose,
                                                  std::span<const glm::vec3> joints) {
    std::array<JointMotion, kBodyJoints> out;
    for (std::size_t j = 0; j < kBodyJoints; ++j) {
        const int parent = body.model().parents[j];
        const glm::mat3 own = rotationOf(pose.rotations[j]);
        out[j].rotation = parent < 0 ? own : out[std::size_t(parent)].rotation * own;
        out[j].from = body.restJoints()[j];
        out[j].to = joints[j];
    }
    return out;
}

/// A point of the rest pose as its joints carry it.
glm::vec3 carried(const glm::vec3& rest, const std::array<std::uint8_t, 4>& bones,
                  const glm::vec4& weights, const std::array<JointMotion, kBodyJoints>& joints) {
    glm::vec3 p(0.f);
    for (std::size_t k = 0; k < 4; ++k) {
        const auto& joint = joints[bones[k]];
        p += weights[int(k)] * (joint.rotation * (rest - joint.from) + joint.to);
    }
    return p;
}

/// How far muscles and folds of the pose move each vertex of the body from where its joints carry
/// it.
std::vector<glm::vec3> bulges(const ShapedBody& body, std::span<const glm::vec3> vertices,
                              const std::array<JointMotion, kBodyJoints>& joints) {
    const BodyModel& model = body.model();
    std::vector<glm::vec3> out(vertices.size());
    for (std::size_t v = 0; v < out.size(); ++v)
        out[v] = vertices[v] -
                 carried(body.restVertices()[v], model.bones[v], model.boneWeights[v], joints);
    return out;
}

/// Clothes follow the joints, and what the pose does to the body under them.
Mesh posed(const Garment& garment, const std::array<JointMotion, kBodyJoints>& joints,
           std::span<const glm::vec3> bulges) {
    Mesh mesh = garment.mesh;
    mesh.rest = garment.mesh.rest;
    parallelFor(0, std::int64_t(mesh.vertices.size()), 512,
                [&](std::int64_t begin, std::int64_t end) {
                    for (auto i = std::size_t(begin); i < std::size_t(end); ++i) {
                        glm::vec3 p = carried(garment.mesh.vertices[i], garment.bones[i],
                                              garment.boneWeights[i], joints);
                        for (std::size_t k = 0; k < 4; ++k)
                            p += garment.nearWeights[i][int(k)] * bulges[garment.near[i][k]];
                        mesh.vertices[i] = p;
                    }
                });
    return mesh;
}

} // namespace

DressedPerson::DressedPerson(
    const BodyModel& model, const Betas& betas, Outfit outfit,
    const std::function<Material(const std::vector<std::uint32_t>&)>& skinOf)
    : m_model(&model)
    , m_body(model, betas)
    , m_legs(m_body)
    , m_faces(visibleBodyFaces(model, outfit.garments))
    , m_garments(std::move(outfit.garments))
    , m_templateVertices(model.vTemplate) {
    m_materials.push_back(std::make_shared<const Material>(skinOf(m_faces)));
    for (auto& material : outfit.materials)
        m_materials.push_back(std::make_shared<const Material>(std::move(material)));
    // Clothes grow and shrink with the body under them.
    for (auto& garment : m_garments)
        for (std::size_t i = 0; i < garment.mesh.vertices.size(); ++i)
            for (std::size_t k = 0; k < 4; ++k) {
                const auto b = garment.near[i][k];
                garment.mesh.vertices[i] += garment.nearWeights[i][int(k)] *
                                            (m_body.restVertices()[b] - model.vTemplate[b]);
            }
    for (const auto& garment : m_garments) {
        auto& hanging = m_hanging.emplace_back();
        for (std::size_t i = 0; garment.hidesSkin && i < garment.mesh.vertices.size(); ++i) {
            const glm::vec3& rest = garment.mesh.vertices[i];
            if (hangsAroundLegs(garment.bones[i], garment.boneWeights[i], rest,
                                m_body.restJoints()))
                hanging.push_back({i, m_legs.room(rest)});
        }
    }
}

void DressedPerson::addTo(Scene& scene, const BodyPose& pose, SceneLayer layer) const {
    std::vector<glm::vec3> vertices(kBodyVertices);
    std::vector<glm::vec3> joints(kBodyJoints);
    m_body.pose(pose, vertices, joints);
    const auto motions = jointMotions(m_body, pose, joints);
    const auto bulging = bulges(m_body, vertices, motions);

    Mesh skin;
    skin.normals = vertexNormals(vertices, m_model->faces);
    skin.vertices = std::move(vertices);
    skin.rest = m_templateVertices;
    for (const auto f : m_faces) {
        skin.faces.push_back(m_model->faces[f]);
        if (!m_model->uvFaces.empty())
            skin.uvFaces.push_back(m_model->uvFaces[f]);
    }
    skin.uv = m_model->uvVertices;
    scene.objects.push_back(
        {std::make_shared<const Mesh>(std::move(skin)), m_materials[0], layer, true});
    for (std::size_t g = 0; g < m_garments.size(); ++g) {
        Mesh mesh = posed(m_garments[g], motions, bulging);
        for (const auto& [vertex, room] : m_hanging[g])
            m_legs.pushOut(mesh.vertices[vertex], room, joints);
        mesh.normals = vertexNormals(mesh.vertices, mesh.faces);
        scene.objects.push_back(
            {std::make_shared<const Mesh>(std::move(mesh)), m_materials[g + 1], layer, true});
    }
    for (const int joint : {0, 4, 5, 7, 8, 10, 11})
        scene.blockers.push_back({joints[std::size_t(joint)], joint == 0  ? 0.16f
                                                              : joint < 6 ? 0.09f
                                                                          : 0.075f});
}

} // namespace strata
