// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/surface/card_surface.h"

namespace strata::ui {

CardSurface::CardSurface(QWidget& parent, GlPainter painter)
    : QOpenGLWidget(&parent)
    , m_painter(std::move(painter)) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

CardSurface::~CardSurface() {
    if (!context())
        return;
    disconnect(context(), nullptr, this, nullptr); // it goes after us and would call back
    end();
}

bool CardSurface::makeCurrent() {
    if (!isValid())
        return false;
    QOpenGLWidget::makeCurrent();
    return true;
}

QImage CardSurface::grab() { return grabFramebuffer().convertToFormat(QImage::Format_RGB32); }

void CardSurface::initializeGL() {
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] { end(); });
    m_painter.begin(*context());
}

void CardSurface::paintGL() { m_painter.paint(defaultFramebufferObject()); }

void CardSurface::end() {
    QOpenGLWidget::makeCurrent();
    m_painter.end();
    QOpenGLWidget::doneCurrent();
}

} // namespace strata::ui
