// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/train/render/mesh.h"

namespace strata {

/// Something worn, fitted to the template of a body in its T-pose.
struct Garment {
    Mesh mesh; // vertices in the T-pose of the template; normals, uv; rest = vertices
    // How it follows the body: up to four joints, and the body vertices whose change of shape it
    // takes part in.
    std::vector<std::array<std::uint8_t, 4>> bones; // [V]
    std::vector<glm::vec4> boneWeights;             // [V], sum 1
    std::vector<std::array<std::uint16_t, 4>> near; // [V]
    std::vector<glm::vec4> nearWeights;             // [V], sum 1
    float texelsPerMetre = 500.f;                   // for a texture of 512 texels a side
    bool hidesSkin = true;                          // clothes do, hair does not
    // [body vertices] 1 where it lies right above the body; empty = not known yet.
    std::vector<std::uint8_t> covers;
};

/// Texels of a picture `size` wide for each metre of the mesh.
float texelDensity(const Mesh& mesh, int size);

/// Moves vertices that lie in the body or nearer than `gap` metres outwards.
void pushOutside(Garment& garment, const BodyModel& model, float gap);

/// Where the garment lies right above the body of `model`: Garment::covers.
std::vector<std::uint8_t> coverOf(const BodyModel& model, const Garment& garment);

/// Which faces of the body can be left out because clothes cover them, with a rim left under the
/// hems.
/// -> the faces to draw.
std::vector<std::uint32_t> visibleBodyFaces(const BodyModel& model,
                                            const std::vector<Garment>& garments);

} // namespace strata
