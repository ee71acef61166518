// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/gl/gl_mesh.h"

namespace strata::ui {

GlMesh::GlMesh(Gl& gl)
    : m_gl(gl) {
    m_gl.glGenVertexArrays(1, &m_id);
}

GlMesh::~GlMesh() {
    for (const auto& [location, buffer] : m_buffers)
        m_gl.glDeleteBuffers(1, &buffer);
    m_gl.glDeleteBuffers(1, &m_indices); // 0 is ignored
    m_gl.glDeleteVertexArrays(1, &m_id);
}

void GlMesh::setAttribute(GLuint location, int components, std::span<const float> values,
                          bool perInstance) {
    m_gl.glBindVertexArray(m_id);
    GLuint& buffer = m_buffers[location];
    if (!buffer)
        m_gl.glGenBuffers(1, &buffer);
    m_gl.glBindBuffer(GL_ARRAY_BUFFER, buffer);
    m_gl.glBufferData(GL_ARRAY_BUFFER, GLsizeiptr(values.size_bytes()), values.data(),
                      GL_STREAM_DRAW);
    m_gl.glVertexAttribPointer(location, components, GL_FLOAT, GL_FALSE, 0, nullptr);
    m_gl.glEnableVertexAttribArray(location);
    m_gl.glVertexAttribDivisor(location, perInstance ? 1 : 0);
}

void GlMesh::setIndices(std::span<const std::uint32_t> indices) {
    m_gl.glBindVertexArray(m_id);
    if (!m_indices)
        m_gl.glGenBuffers(1, &m_indices);
    m_gl.glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, m_indices);
    m_gl.glBufferData(GL_ELEMENT_ARRAY_BUFFER, GLsizeiptr(indices.size_bytes()), indices.data(),
                      GL_STATIC_DRAW);
    m_indexCount = GLsizei(indices.size());
}

void GlMesh::drawTriangles() {
    m_gl.glBindVertexArray(m_id);
    m_gl.glDrawElements(GL_TRIANGLES, m_indexCount, GL_UNSIGNED_INT, nullptr);
}

void GlMesh::drawStrip(int vertices) {
    m_gl.glBindVertexArray(m_id);
    m_gl.glDrawArrays(GL_TRIANGLE_STRIP, 0, vertices);
}

void GlMesh::drawStrips(int vertices, int n) {
    m_gl.glBindVertexArray(m_id);
    m_gl.glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, vertices, n);
}

} // namespace strata::ui
