// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/surface/gl_surface.h"

#include <QOpenGLWidget>

namespace strata::ui {

/// The picture stays on the graphics card, which composes the window.
class CardSurface final : public QOpenGLWidget, public GlSurface {
public:
    CardSurface(QWidget& parent, GlPainter painter);
    ~CardSurface() override;

    QWidget& widget() override { return *this; }
    bool makeCurrent() override;
    void doneCurrent() override { QOpenGLWidget::doneCurrent(); }
    void refresh() override { update(); }
    QImage grab() override;

protected:
    void initializeGL() override;
    void paintGL() override;

private:
    void end();

    GlPainter m_painter;
};

} // namespace strata::ui
