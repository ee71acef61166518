// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/matte_stroke.h"
#include "ui/playback/frame_layers.h"
#include "ui/viewport/probe.h"
#include "ui/viewport/view_control.h"
#include "ui/viewport/viewport_facts.h"

#include <QImage>
#include <QSurfaceFormat>
#include <QWidget>

#include <memory>
#include <optional>

namespace strata::ui {

/// Shows frames of the clip. Mouse: wheel zooms to the cursor, middle button or space + left button
/// pans, the wipe's line is dragged; in the space view left button orbits, wheel comes nearer. With
/// the brush the left button paints, with Shift or the right button it takes away.
/// Everything else is set through view(). GUI thread.
class Viewport : public QWidget {
    Q_OBJECT
public:
    explicit Viewport(QWidget* parent = nullptr);
    ~Viewport() override;

    /// OpenGL 3.3 core; set it as QSurfaceFormat's default before QApplication is made.
    static QSurfaceFormat surfaceFormat();

    ViewControl& view() { return m_view; }
    const ViewControl& view() const { return m_view; }

    void showFrame(FrameLayersPtr frame);
    void clear();
    /// Faces and code colours of the body that frames are posed on.
    void setBody(std::shared_ptr<const BodyModel> body);
    void setFacts(const ViewportFacts& facts);

    /// The brush for the matte of that layer, Human or Occluder; nothing puts it away.
    void takeBrush(std::optional<LayerKind> layer);
    void setBrushRadius(double radius); // picture pixels, clamped
    double brushRadius() const;

    void zoomIn();
    void zoomOut();
    void zoomToPixels(); // 1:1, the middle stays

    /// Where a point of the widget (logical pixels) lies in the picture, and back.
    QPointF toPicture(QPointF widgetPoint) const;
    QPointF toWidget(QPointF picturePoint) const;
    /// The current view of the picture at the size of its images, without zoom, overlays or
    /// background; straight alpha.
    QImage grabPicture();
    /// Paints now; what the widget shows, in device pixels. Null without OpenGL.
    QImage grabScreen();

    /// Milliseconds that the last painting took, drawing included (glFinish) while statistics are
    /// on.
    double lastPaintMs() const;

Q_SIGNALS:
    void probed(const strata::ui::ProbeSample& sample); // cursor over the picture
    void probeLeft();
    void framePainted(qint64 frame);
    void painted(const strata::MatteStroke& stroke); // with the brush, complete
    void spaceTapped();                              // the space bar without a drag: play or stop
    void failed(const QString& message); // no OpenGL 3.3, or a shader that does not compile

protected:
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Impl;
    void probeAt(QPointF widgetPoint);

    ViewControl m_view;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata::ui
