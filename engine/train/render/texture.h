// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <glm/glm.hpp>

#include <vector>

namespace strata {

/// A picture that wraps a mesh: linear colours and alpha in halved levels.
class Texture {
public:
    /// RGB or RGBA, sRGB-encoded.
    explicit Texture(const ImageU8& picture);

    /// Bilinear in the level where a texel is about `footprint` texels wide. uv (0,0) is bottom
    /// left, repeated.
    glm::vec4 sample(const glm::vec2& uv, float footprint) const;
    int size() const { return m_levels.front().width(); }

private:
    std::vector<ImageF> m_levels; // [H, W, 4] each
};

} // namespace strata
