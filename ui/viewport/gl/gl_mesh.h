// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/gl/gl.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>

namespace strata::ui {

/// A vertex array: one buffer per attribute, and indices if it has any. Also the empty vertex array
/// that OpenGL core wants for draws without attributes.
class GlMesh {
public:
    explicit GlMesh(Gl& gl);
    ~GlMesh();
    GlMesh(const GlMesh&) = delete;
    GlMesh& operator=(const GlMesh&) = delete;

    /// Floats of attribute `location`, `components` per vertex (or per instance).
    void setAttribute(GLuint location, int components, std::span<const float> values,
                      bool perInstance = false);
    void setIndices(std::span<const std::uint32_t> indices);

    void drawTriangles();                 // by index
    void drawStrip(int vertices);         // one triangle strip
    void drawStrips(int vertices, int n); // n instances of it

private:
    Gl& m_gl;
    GLuint m_id = 0;
    std::map<GLuint, GLuint> m_buffers; // by location
    GLuint m_indices = 0;
    GLsizei m_indexCount = 0;
};

} // namespace strata::ui
