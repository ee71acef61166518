// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_layers.h"
#include "ui/viewport/gl/gl_mesh.h"
#include "ui/viewport/gl/gl_program.h"

#include <memory>

namespace strata::ui {

enum class BodyStyle { Shaded, Wireframe, Code };

/// Draws the posed body into what is bound, which must have depth.
class BodyDrawer {
public:
    BodyDrawer(Gl& gl, GlPrograms& programs)
        : m_gl(gl)
        , m_programs(programs)
        , m_mesh(gl) {}

    void setModel(std::shared_ptr<const BodyModel> model);
    const BodyModel* model() const { return m_model.get(); }
    /// toClip: from the frame of the body's camera. mirrored: the target's rows run from the top.
    void draw(std::shared_ptr<const BodyFrame> body, const glm::mat4& toClip, BodyStyle style,
              bool mirrored);

private:
    void upload(std::shared_ptr<const BodyFrame> body);
    void drawStyle(const glm::mat4& toClip, BodyStyle style);

    Gl& m_gl;
    GlPrograms& m_programs;
    GlMesh m_mesh;
    std::shared_ptr<const BodyModel> m_model;
    std::shared_ptr<const BodyFrame> m_uploaded;
};

} // namespace strata::ui
