// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glm/glm.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace strata {

/// Finds the face of a mesh that covers a place of its texture atlas.
class UvLookup {
public:
    UvLookup(const std::vector<glm::vec2>& uv, const std::vector<glm::uvec3>& faces);

    struct Hit {
        std::uint32_t face = 0;
        glm::vec3 weights{1.f / 3};
    };
    /// The face around `at`, or the nearest one within a hundredth of the atlas.
    std::optional<Hit> find(const glm::vec2& at) const;

private:
    static constexpr int kCells = 100;
    const std::vector<glm::vec2>& m_uv;
    const std::vector<glm::uvec3>& m_faces;
    std::vector<std::vector<std::uint32_t>> m_cells;
};

} // namespace strata
