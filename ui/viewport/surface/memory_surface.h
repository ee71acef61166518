// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/gl/gl_framebuffer.h"
#include "ui/viewport/surface/gl_surface.h"

#include <QOffscreenSurface>

#include <optional>
#include <vector>

namespace strata::ui {

/// A context without a window.
struct OffscreenGl {
    /// Of the default format, and current. Null where there is no OpenGL.
    static std::unique_ptr<OffscreenGl> open();

    QOffscreenSurface surface;
    QOpenGLContext context;
};

/// The picture is read back and painted by the processor, only when it has changed.
class MemorySurface final : public QWidget, public GlSurface {
public:
    MemorySurface(QWidget& parent, GlPainter painter, std::unique_ptr<OffscreenGl> offscreen);
    ~MemorySurface() override;

    QWidget& widget() override { return *this; }
    bool makeCurrent() override;
    void doneCurrent() override { m_offscreen->context.doneCurrent(); }
    void refresh() override;
    QImage grab() override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void draw();
    void read(Size size);

    GlPainter m_painter;
    std::unique_ptr<OffscreenGl> m_offscreen;
    Gl* m_gl = nullptr; // owned by the context
    std::optional<GlFramebuffer> m_drawn;
    std::vector<std::uint32_t> m_rows; // as OpenGL has them: the lowest one first
    QImage m_image;
    bool m_begun = false, m_stale = true;
};

} // namespace strata::ui
