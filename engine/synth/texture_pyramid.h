// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <glm/glm.hpp>

#include <vector>

namespace strata {

/// A texture in linear light with its halvings, read trilinearly.
class TexturePyramid {
public:
    /// `texture` [S, S, 3] sRGB.
    explicit TexturePyramid(const ImageU8& texture);

    int size() const { return m_levels.front().width(); }
    /// Linear colour at `uv` ((0,0) bottom left), averaged over about 2^lod texels.
    glm::vec3 sample(glm::vec2 uv, float lod) const;

private:
    glm::vec3 bilinear(const ImageU16& level, glm::vec2 uv) const;

    std::vector<ImageU16> m_levels; // four channels, the last unused; 65535 = 1
};

} // namespace strata
