// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/gl/gl.h"

#include <QImage>
#include <QOpenGLContext>
#include <QWidget>

#include <functional>
#include <memory>

namespace strata::ui {

/// What draws on a surface. Called on the GUI thread with the surface's context current.
struct GlPainter {
    std::function<void(QOpenGLContext&)> begin; // the context is there: once, before anything else
    std::function<void(GLuint target)> paint;   // all of the framebuffer, in device pixels
    std::function<void()> end;                  // the context is about to go
};

/// A widget that shows what OpenGL draws. It takes no mouse and no focus: its parent does.
class GlSurface {
public:
    virtual ~GlSurface() = default;

    virtual QWidget& widget() = 0;
    virtual bool makeCurrent() = 0; // false: nothing can be drawn (yet)
    virtual void doneCurrent() = 0;
    /// Paints as soon as the event loop comes to it.
    virtual void refresh() = 0;
    /// Paints now; what is shown, in device pixels, opaque.
    virtual QImage grab() = 0;
};

/// Made for where it runs: a graphics card's picture stays on the card (QOpenGLWidget); a software
/// OpenGL's is in memory anyway and is painted like every other widget, since composing the whole
/// window with such an OpenGL costs more than drawing the picture. STRATA_VIEWPORT=card or =memory
/// in the environment decides instead. Null without any OpenGL.
std::unique_ptr<GlSurface> makeGlSurface(QWidget& parent, GlPainter painter);

/// Whether a renderer of this name (GL_RENDERER) computes on the processor.
bool isSoftwareRenderer(const QByteArray& name);

} // namespace strata::ui
