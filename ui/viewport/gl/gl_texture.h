// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/gl/gl.h"

namespace strata::ui {

/// Owns one 2D texture with clamped edges. Row 0 of an image is at t = 0.
class GlTexture {
public:
    explicit GlTexture(Gl& gl);
    ~GlTexture();
    GlTexture(const GlTexture&) = delete;
    GlTexture& operator=(const GlTexture&) = delete;

    /// RGB is taken as sRGB-encoded and sampled as linear light; one channel is sampled as 0..1.
    void upload(const ImageU8& image);
    void upload(const ImageU16& image); // one channel
    void upload(const ImageF& image);   // one channel
    /// Room to draw into; contents undefined.
    void allocate(Size size, GLenum internalFormat);

    enum class Filter { Nearest, Linear, Mipmapped };
    void setFilter(Filter filter); // Mipmapped also makes the smaller levels
    void bind(int unit) const;
    /// Whether RGB images are sampled as linear light (as they are at first) or as they lie there.
    void setDecoding(bool decoding);
    /// Whether this driver can leave the decoding away.
    static bool canSkipDecoding();

    GLuint id() const { return m_id; }
    Size size() const { return m_size; }

private:
    void put(Size size, GLenum internalFormat, GLenum format, GLenum type, const void* pixels);

    Gl& m_gl;
    GLuint m_id = 0;
    Size m_size;
    GLenum m_internalFormat = 0;
    bool m_decoding = true;
};

} // namespace strata::ui
