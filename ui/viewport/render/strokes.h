// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/gl/gl_mesh.h"
#include "ui/viewport/gl/gl_program.h"

#include <QPointF>
#include <glm/glm.hpp>

#include <vector>

namespace strata::ui {

/// A line with round ends, or a dot where both ends are one. Device pixels from the top left
/// corner.
struct Stroke {
    QPointF from, to;
    glm::vec4 color{1.f}; // sRGB-encoded, straight alpha
    float radius = 1;
};
using Strokes = std::vector<Stroke>;

void addRectangle(Strokes& strokes, const QRectF& rectangle, const glm::vec4& color, float radius);

/// Draws strokes in their order onto what is bound.
class StrokeDrawer {
public:
    StrokeDrawer(Gl& gl, GlPrograms& programs)
        : m_gl(gl)
        , m_programs(programs)
        , m_mesh(gl) {}

    void draw(const Strokes& strokes, Size screen);

private:
    Gl& m_gl;
    GlPrograms& m_programs;
    GlMesh m_mesh;
};

} // namespace strata::ui
