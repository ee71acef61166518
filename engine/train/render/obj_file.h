// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <glm/glm.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace strata {

/// A Wavefront OBJ file as it is: polygons cut into triangles, no materials.
struct ObjFile {
    std::vector<glm::vec3> vertices;
    std::vector<glm::vec2> uv;
    std::vector<glm::uvec3> faces;
    std::vector<glm::uvec3> uvFaces;       // as many as faces, or none
    std::vector<std::int32_t> groupOfFace; // index into groups, -1 before the first
    std::vector<std::string> groups;
};

Result<ObjFile> readObj(const std::filesystem::path& path);

} // namespace strata
