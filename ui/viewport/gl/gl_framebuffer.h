// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/gl/gl_texture.h"

namespace strata::ui {

/// A picture to draw into, read afterwards as a texture.
class GlFramebuffer {
public:
    enum class Kind {
        Plain,    // colour alone
        Geometry, // with depth, four samples a pixel; resolve() before reading
    };
    GlFramebuffer(Gl& gl, Kind kind, GLenum internalFormat);
    ~GlFramebuffer();
    GlFramebuffer(const GlFramebuffer&) = delete;
    GlFramebuffer& operator=(const GlFramebuffer&) = delete;

    /// Everything drawn from here on goes to this picture.
    void begin(Size size);
    /// Colours of the samples averaged into texture(). Plain ones need no resolving.
    void resolve();
    GlTexture& texture() { return m_texture; }
    GLuint id() const { return m_drawn; }

private:
    void attach(Size size);

    Gl& m_gl;
    Kind m_kind;
    GLenum m_internalFormat;
    GlTexture m_texture;
    GLuint m_drawn = 0;                            // what is drawn into
    GLuint m_resolved = 0;                         // Geometry: what m_texture belongs to
    GLuint m_colorSamples = 0, m_depthSamples = 0; // Geometry: renderbuffers
};

} // namespace strata::ui
