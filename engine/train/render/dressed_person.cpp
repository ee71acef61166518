// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/dressed_person.h"

#include "engine/body/bone_transforms.h"
#include "engine/core/parallel.h"

namespace strata {
namespace {

/// How far muscles and folds of the pose move each vertex of the body from where its joints carry
/// it.
std::vector<glm::vec3> bulges(const ShapedBody& body, std::span<const glm::vec3> vertices,
                              const BoneTransforms& bones) {
    const BodyModel& model = body.model();
    std::vector<glm::vec3> out(vertices.size());
    for (std::size_t v = 0; v < out.size(); ++v)
        out[v] =
            vertices[v] - bones.point(body.restVertices()[v], model.bones[v], model.boneWeights[v]);
    return out;
}

/// Clothes follow the joints, and what the pose does to the body under them.
Mesh posed(const Garment& garment, const BoneTransforms& bones, std::span<const glm::vec3> bulges) {
    Mesh mesh = garment.mesh;
    parallelFor(
        0, std::int64_t(mesh.vertices.size()), 512, [&](std::int64_t begin, std::int64_t end) {
            for (auto i = std::size_t(begin); i < std::size_t(end); ++i) {
                glm::vec3 p =
                    bones.point(garment.mesh.vertices[i], garment.bones[i], garment.boneWeights[i]);
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
    const BoneTransforms bones = boneTransforms(m_body, pose);
    const auto bulging = bulges(m_body, vertices, bones);

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
        Mesh mesh = posed(m_garments[g], bones, bulging);
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
