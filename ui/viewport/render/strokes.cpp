// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/strokes.h"

#include <QRectF>

namespace strata::ui {

void addRectangle(Strokes& strokes, const QRectF& rectangle, const glm::vec4& color, float radius) {
    const QPointF corners[] = {rectangle.topLeft(), rectangle.topRight(), rectangle.bottomRight(),
                               rectangle.bottomLeft()};
    for (int i = 0; i < 4; ++i)
        strokes.push_back({corners[i], corners[(i + 1) % 4], color, radius});
}

void StrokeDrawer::draw(const Strokes& strokes, Size screen) {
    GlProgram* const program = m_programs.use("viewport/strokes.vert", "viewport/strokes.frag");
    if (!program || strokes.empty())
        return;
    std::vector<float> ends, colors, radii;
    for (const auto& stroke : strokes) {
        ends.insert(ends.end(), {float(stroke.from.x()), float(stroke.from.y()),
                                 float(stroke.to.x()), float(stroke.to.y())});
        colors.insert(colors.end(), &stroke.color.x, &stroke.color.x + 4);
        radii.push_back(stroke.radius);
    }
    m_mesh.setAttribute(0, 4, ends, true);
    m_mesh.setAttribute(1, 4, colors, true);
    m_mesh.setAttribute(2, 1, radii, true);
    program->set("u_screen", glm::vec2(screen.width, screen.height));
    m_gl.glEnable(GL_BLEND);
    m_gl.glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    m_mesh.drawStrips(4, int(strokes.size()));
    m_gl.glDisable(GL_BLEND);
}

} // namespace strata::ui
