// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/gl/gl_texture.h"

#include <QOpenGLContext>

namespace strata::ui {
namespace {

// Of the extension EXT_texture_sRGB_decode.
constexpr GLenum kSrgbDecode = 0x8A48, kDecode = 0x8A49, kSkipDecode = 0x8A4A;

} // namespace

GlTexture::GlTexture(Gl& gl)
    : m_gl(gl) {
    m_gl.glGenTextures(1, &m_id);
    m_gl.glBindTexture(GL_TEXTURE_2D, m_id);
    m_gl.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    m_gl.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    m_gl.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    m_gl.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
}

GlTexture::~GlTexture() { m_gl.glDeleteTextures(1, &m_id); }

void GlTexture::upload(const ImageU8& image) {
    if (image.channels() == 3)
        put(image.size(), GL_SRGB8, GL_RGB, GL_UNSIGNED_BYTE, image.data());
    else
        put(image.size(), GL_R8, GL_RED, GL_UNSIGNED_BYTE, image.data());
}

void GlTexture::upload(const ImageU16& image) {
    put(image.size(), GL_R16, GL_RED, GL_UNSIGNED_SHORT, image.data());
}

void GlTexture::upload(const ImageF& image) {
    put(image.size(), GL_R32F, GL_RED, GL_FLOAT, image.data());
}

void GlTexture::allocate(Size size, GLenum internalFormat) {
    if (size == m_size && internalFormat == m_internalFormat)
        return;
    m_gl.glBindTexture(GL_TEXTURE_2D, m_id);
    m_gl.glTexImage2D(GL_TEXTURE_2D, 0, GLint(internalFormat), size.width, size.height, 0, GL_RGBA,
                      GL_UNSIGNED_BYTE, nullptr);
    m_size = size;
    m_internalFormat = internalFormat;
}

void GlTexture::put(Size size, GLenum internalFormat, GLenum format, GLenum type,
                    const void* pixels) {
    m_gl.glBindTexture(GL_TEXTURE_2D, m_id);
    m_gl.glPixelStorei(GL_UNPACK_ALIGNMENT, 1); // images have no padding between rows
    if (size == m_size && internalFormat == m_internalFormat)
        m_gl.glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, size.width, size.height, format, type, pixels);
    else
        m_gl.glTexImage2D(GL_TEXTURE_2D, 0, GLint(internalFormat), size.width, size.height, 0,
                          format, type, pixels);
    m_size = size;
    m_internalFormat = internalFormat;
}

void GlTexture::setFilter(Filter filter) {
    m_gl.glBindTexture(GL_TEXTURE_2D, m_id);
    if (filter == Filter::Mipmapped)
        m_gl.glGenerateMipmap(GL_TEXTURE_2D);
    const GLint shrinking = filter == Filter::Mipmapped ? GL_LINEAR_MIPMAP_LINEAR : GL_LINEAR;
    m_gl.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, shrinking);
    m_gl.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER,
                         filter == Filter::Nearest ? GL_NEAREST : GL_LINEAR);
}

bool GlTexture::canSkipDecoding() {
    const QOpenGLContext* const context = QOpenGLContext::currentContext();
    return context && context->hasExtension(QByteArrayLiteral("GL_EXT_texture_sRGB_decode"));
}

void GlTexture::setDecoding(bool decoding) {
    if (decoding == m_decoding)
        return;
    m_decoding = decoding;
    m_gl.glBindTexture(GL_TEXTURE_2D, m_id);
    m_gl.glTexParameteri(GL_TEXTURE_2D, kSrgbDecode, GLint(decoding ? kDecode : kSkipDecode));
}

void GlTexture::bind(int unit) const {
    m_gl.glActiveTexture(GLenum(GL_TEXTURE0 + unit));
    m_gl.glBindTexture(GL_TEXTURE_2D, m_id);
}

} // namespace strata::ui
