// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/gl/gl_framebuffer.h"

namespace strata::ui {
namespace {

constexpr int kSamples = 4;

} // namespace

GlFramebuffer::GlFramebuffer(Gl& gl, Kind kind, GLenum internalFormat)
    : m_gl(gl)
    , m_kind(kind)
    , m_internalFormat(internalFormat)
    , m_texture(gl) {
    m_gl.glGenFramebuffers(1, &m_drawn);
    if (kind == Kind::Geometry) {
        m_gl.glGenFramebuffers(1, &m_resolved);
        m_gl.glGenRenderbuffers(1, &m_colorSamples);
        m_gl.glGenRenderbuffers(1, &m_depthSamples);
    }
}

GlFramebuffer::~GlFramebuffer() {
    m_gl.glDeleteFramebuffers(1, &m_drawn);
    m_gl.glDeleteFramebuffers(1, &m_resolved); // 0 is ignored
    m_gl.glDeleteRenderbuffers(1, &m_colorSamples);
    m_gl.glDeleteRenderbuffers(1, &m_depthSamples);
}

void GlFramebuffer::begin(Size size) {
    if (m_texture.size() != size)
        attach(size);
    m_gl.glBindFramebuffer(GL_FRAMEBUFFER, m_drawn);
    m_gl.glViewport(0, 0, size.width, size.height);
}

void GlFramebuffer::attach(Size size) {
    m_texture.allocate(size, m_internalFormat);
    m_gl.glBindFramebuffer(GL_FRAMEBUFFER, m_kind == Kind::Plain ? m_drawn : m_resolved);
    m_gl.glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, m_texture.id(),
                                0);
    if (m_kind == Kind::Plain)
        return;
    m_gl.glBindFramebuffer(GL_FRAMEBUFFER, m_drawn);
    m_gl.glBindRenderbuffer(GL_RENDERBUFFER, m_colorSamples);
    m_gl.glRenderbufferStorageMultisample(GL_RENDERBUFFER, kSamples, m_internalFormat, size.width,
                                          size.height);
    m_gl.glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER,
                                   m_colorSamples);
    m_gl.glBindRenderbuffer(GL_RENDERBUFFER, m_depthSamples);
    m_gl.glRenderbufferStorageMultisample(GL_RENDERBUFFER, kSamples, GL_DEPTH_COMPONENT24,
                                          size.width, size.height);
    m_gl.glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER,
                                   m_depthSamples);
}

void GlFramebuffer::resolve() {
    if (m_kind == Kind::Plain)
        return;
    const Size size = m_texture.size();
    m_gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, m_drawn);
    m_gl.glBindFramebuffer(GL_DRAW_FRAMEBUFFER, m_resolved);
    m_gl.glBlitFramebuffer(0, 0, size.width, size.height, 0, 0, size.width, size.height,
                           GL_COLOR_BUFFER_BIT, GL_NEAREST);
}

} // namespace strata::ui
