// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/leg_cones.h"
#include "engine/synth/identity.h"

#include <cstdint>
#include <span>
#include <vector>

namespace strata {

/// The body of an identity and its cloth as one mesh that can be posed and drawn.
class RenderMesh {
public:
    RenderMesh(const BodyModel& model, const Betas& betas);
    RenderMesh(const BodyModel& model, const Identity& identity);

    /// Vertices in the frame of pose.translation; `scale` as FrameRequest::bodyScale.
    std::vector<glm::vec3> posed(const BodyPose& pose, float scale = 1.f) const;
    /// Unit normals of vertices posed like posed()'s, in the same frame.
    std::vector<glm::vec3> normals(std::span<const glm::vec3> vertices) const;

    /// Faces to rasterise, three indices each. Cloth is there a second time, turned over.
    std::span<const std::uint32_t> faces() const { return m_faces; }
    /// Three texture coordinates per face.
    std::span<const glm::vec2> uvs() const { return m_uvs; }
    /// Twice the area of each face in the atlas, in units of the whole atlas.
    std::span<const float> uvAreas() const { return m_uvAreas; }
    std::span<const float> softness() const { return m_softness; }
    std::size_t vertexCount() const { return m_vertexCount; }
    const ShapedBody& body() const { return m_body; }

private:
    void addFaces(std::span<const glm::uvec3> faces, std::span<const glm::uvec3> uvFaces,
                  std::span<const glm::vec2> uvs, std::uint32_t firstVertex, bool turned);

    ShapedBody m_body;
    LegCones m_legs;
    std::vector<glm::vec3> m_displacement; // [6890] or empty
    SkinnedMesh m_cloth;
    std::vector<LegCones::Room> m_clothRoom; // of its vertices
    std::vector<std::uint32_t> m_faces;
    std::vector<glm::vec2> m_uvs;
    std::vector<float> m_uvAreas;
    std::vector<float> m_softness;
    std::size_t m_vertexCount = 0;
    std::size_t m_outerFaces = 0; // the first faces, which normals are made from
};

} // namespace strata
