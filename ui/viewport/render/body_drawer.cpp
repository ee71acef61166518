// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/body_drawer.h"

#include "ui/viewport/render/body_look.h"

namespace strata::ui {
namespace {

std::span<const float> floats(const std::vector<glm::vec3>& points) {
    return {&points[0].x, points.size() * 3};
}

} // namespace

void BodyDrawer::setModel(std::shared_ptr<const BodyModel> model) {
    m_model = std::move(model);
    m_uploaded.reset();
    if (!m_model)
        return;
    m_mesh.setIndices({&m_model->faces[0].x, m_model->faces.size() * 3});
}

void BodyDrawer::upload(std::shared_ptr<const BodyFrame> body) {
    if (body == m_uploaded)
        return;
    std::vector<glm::vec3> vertices = body->vertices;
    for (auto& v : vertices)
        v = body->camera.toCamera(v);
    m_mesh.setAttribute(0, 3, floats(vertices));
    m_mesh.setAttribute(1, 3, floats(vertexNormals(vertices, m_model->faces)));
    if (!m_uploaded || m_uploaded->betas != body->betas) {
        const ShapedBody shaped(*m_model, body->betas);
        m_mesh.setAttribute(2, 3, motionCodeColors(shaped.restVertices()));
    }
    m_uploaded = std::move(body);
}

void BodyDrawer::draw(std::shared_ptr<const BodyFrame> body, const glm::mat4& toClip,
                      BodyStyle style, bool mirrored) {
    if (!m_model || !body || body->vertices.size() != m_model->vTemplate.size())
        return;
    upload(std::move(body));
    m_gl.glEnable(GL_DEPTH_TEST);
    m_gl.glEnable(GL_CULL_FACE);
    m_gl.glFrontFace(mirrored ? GL_CW : GL_CCW);
    drawStyle(toClip, style);
    m_gl.glDisable(GL_CULL_FACE);
    m_gl.glDisable(GL_DEPTH_TEST);
}

void BodyDrawer::drawStyle(const glm::mat4& toClip, BodyStyle style) {
    const char* const fragment = style == BodyStyle::Shaded ? "body/shaded.frag"
                                 : style == BodyStyle::Code ? "body/code.frag"
                                                            : "body/flat.frag";
    GlProgram* const program = m_programs.use("body/body.vert", fragment);
    if (!program)
        return;
    program->set("u_projection", toClip);
    if (style != BodyStyle::Wireframe) {
        program->set("u_color", glm::vec3(0.45f, 0.58f, 0.8f));
        m_mesh.drawTriangles();
        return;
    }
    // Depth of the surface first, a little behind its lines, so that those of the far side stay
    // hidden.
    m_gl.glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_FALSE);
    m_gl.glEnable(GL_POLYGON_OFFSET_FILL);
    m_gl.glPolygonOffset(1.f, 1.f);
    m_mesh.drawTriangles();
    m_gl.glDisable(GL_POLYGON_OFFSET_FILL);
    m_gl.glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    m_gl.glPolygonMode(GL_FRONT_AND_BACK, GL_LINE);
    program->set("u_color", glm::vec3(0.55f, 0.9f, 1.f));
    m_mesh.drawTriangles();
    m_gl.glPolygonMode(GL_FRONT_AND_BACK, GL_FILL);
}

} // namespace strata::ui
