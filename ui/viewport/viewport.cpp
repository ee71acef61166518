// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/viewport.h"

#include "ui/viewport/brush.h"
#include "ui/viewport/missing_text.h"
#include "ui/viewport/overlay/statistics_overlay.h"
#include "ui/viewport/render/view_renderer.h"
#include "ui/viewport/surface/gl_surface.h"
#include "ui/viewport/viewport_mouse.h"

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QOpenGLVersionFunctionsFactory>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace strata::ui {
namespace {

constexpr double kZoomStep = 1.5;   // of keys and menus
constexpr double kWheelStep = 1.2;  // of the wheel …
constexpr double kWheelUnits = 120; // … whose step Qt counts like this

} // namespace

struct Viewport::Impl {
    explicit Impl(Viewport& viewport)
        : owner(viewport)
        , mouse(viewport.m_view) {}

    ScreenLayout layout(GLuint target = 0) const {
        const double ratio = owner.devicePixelRatio();
        return {{int(std::lround(owner.width() * ratio)), int(std::lround(owner.height() * ratio))},
                float(ratio),
                target};
    }
    QPointF device(QPointF widgetPoint) const { return widgetPoint * owner.devicePixelRatio(); }
    /// The pane under a point, in device pixels; the first one where there is none.
    MouseScene scene(QPointF at) const {
        const auto panes = layout().panes(owner.m_view.state());
        const auto pane = panes.size() > 1 && at.x() >= panes[1].left() ? panes[1] : panes[0];
        const Size picture = frame ? frame->fullSize : Size{1, 1};
        return {pane, viewTransform(owner.m_view.state(), picture, pane), picture,
                owner.devicePixelRatio()};
    }
    /// Whether that button paints now.
    bool paints(Qt::MouseButton button) const {
        return brush.isTaken() && frame && !owner.m_view.state().space && !mouse.panKey() &&
               (button == Qt::LeftButton || button == Qt::RightButton);
    }
    Qt::CursorShape cursor(QPointF at) const {
        const bool free = !mouse.isDragging() && !mouse.panKey();
        return brush.isTaken() && free ? Qt::BlankCursor : mouse.cursor(at, scene(at));
    }
    bool overlayTakes(QPointF at, bool left, float wheel = 0) {
        return owner.m_view.state().statistics && overlay && overlay->setMouse({at, left, wheel});
    }
    /// Says in the picture's middle what the view lacks: else it would look empty or broken.
    void tellMissing() {
        missing->setText(frame ? missingText(*frame, owner.m_view.state()) : QString());
        missing->adjustSize();
        missing->move((owner.width() - missing->width()) / 2,
                      (owner.height() - missing->height()) / 2);
        missing->setVisible(!missing->text().isEmpty());
    }
    void zoomBy(double factor) {
        const MouseScene where = scene({});
        mouse.zoom(factor, where.pane.center(), where);
    }

    GlPainter painter() {
        return {[this](QOpenGLContext& context) { begin(context); },
                [this](GLuint target) { paint(target); },
                [this] {
                    overlay.reset();
                    renderer.reset();
                }};
    }
    void begin(QOpenGLContext& context);
    void paint(GLuint target);
    /// Does something with the renderer, if there is one (yet).
    template <typename F>
    void withRenderer(F&& work) {
        if (!surface || !surface->makeCurrent())
            return;
        if (renderer)
            work(*renderer);
        surface->doneCurrent();
    }
    void refresh() {
        if (surface)
            surface->refresh();
    }

    Viewport& owner;
    ViewportMouse mouse;
    Brush brush;
    bool panned = false;       // since the space bar went down
    QLabel* missing = nullptr; // owned by the viewport
    FrameLayersPtr frame;
    std::shared_ptr<const BodyModel> model;
    ViewportFacts facts;
    PaintTimes times;
    Gl* gl = nullptr; // owned by the context
    std::unique_ptr<ViewRenderer> renderer;
    std::unique_ptr<StatisticsOverlay> overlay;
    std::string toldError;
    bool toldNoSurface = false;
    std::unique_ptr<GlSurface> surface; // goes first: it takes what is drawn with along
};

void Viewport::Impl::begin(QOpenGLContext& context) {
    gl = QOpenGLVersionFunctionsFactory::get<Gl>(&context);
    if (!gl) {
        Q_EMIT owner.failed(tr("This graphics driver has no OpenGL 3.3."));
        return;
    }
    renderer = std::make_unique<ViewRenderer>(*gl);
    renderer->setModel(model);
}

void Viewport::Impl::paint(GLuint target) {
    if (!renderer)
        return;
    QElapsedTimer timer;
    timer.start();
    const ViewState state = brush.withStroke(owner.m_view.state());
    renderer->setFrame(frame);
    renderer->paint(state, layout(target));
    if (frame && !state.space)
        for (const QRectF& pane : layout().panes(state))
            renderer->paintOver(brush.outline(viewTransform(state, frame->fullSize, pane),
                                              owner.devicePixelRatio()),
                                layout(target));
    if (state.statistics)
        gl->glFinish();
    times.add(double(timer.nsecsElapsed()) * 1e-6);
    if (state.statistics) {
        if (!overlay)
            overlay = std::make_unique<StatisticsOverlay>();
        overlay->paint(owner.size(), owner.devicePixelRatio(), facts, times, frame.get());
    }
    const std::string& error = renderer->error();
    if (error != toldError) {
        toldError = error;
        Q_EMIT owner.failed(QString::fromStdString(error));
    }
    if (frame)
        Q_EMIT owner.framePainted(frame->frame);
}

Viewport::Viewport(QWidget* parent)
    : QWidget(parent)
    , m_impl(std::make_unique<Impl>(*this)) {
    setObjectName("viewport");
    setAccessibleName(tr("Viewport"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    m_impl->surface = makeGlSurface(*this, m_impl->painter());
    m_impl->missing = new QLabel(this);
    m_impl->missing->setObjectName("missing");
    m_impl->missing->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_impl->missing->hide();
    connect(&m_view, &ViewControl::changed, this, [this] {
        m_impl->tellMissing();
        m_impl->refresh();
    });
}

Viewport::~Viewport() = default;

QSurfaceFormat Viewport::surfaceFormat() {
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    return format; // depth and samples are in framebuffers of our own
}

void Viewport::showFrame(FrameLayersPtr frame) {
    m_impl->frame = std::move(frame);
    m_impl->tellMissing();
    m_impl->refresh();
}

void Viewport::clear() { showFrame(nullptr); }

void Viewport::setBody(std::shared_ptr<const BodyModel> body) {
    m_impl->model = std::move(body);
    m_impl->withRenderer([&](ViewRenderer& renderer) { renderer.setModel(m_impl->model); });
    m_impl->refresh();
}

void Viewport::setFacts(const ViewportFacts& facts) {
    m_impl->facts = facts;
    if (m_view.state().statistics)
        m_impl->refresh();
}

void Viewport::takeBrush(std::optional<LayerKind> layer) {
    m_impl->brush.take(layer);
    unsetCursor();
    m_impl->refresh();
}

void Viewport::setBrushRadius(double radius) {
    m_impl->brush.setRadius(radius);
    m_impl->refresh();
}

double Viewport::brushRadius() const { return m_impl->brush.radius(); }

void Viewport::zoomIn() { m_impl->zoomBy(kZoomStep); }
void Viewport::zoomOut() { m_impl->zoomBy(1 / kZoomStep); }

void Viewport::zoomToPixels() {
    const MouseScene scene = m_impl->scene({});
    m_view.setZoom(1, scene.view.toPicture(scene.pane.center()));
}

QPointF Viewport::toPicture(QPointF widgetPoint) const {
    const QPointF at = m_impl->device(widgetPoint);
    return m_impl->scene(at).view.toPicture(at);
}

QPointF Viewport::toWidget(QPointF picturePoint) const {
    return m_impl->scene({}).view.toScreen(picturePoint) / devicePixelRatio();
}

QImage Viewport::grabPicture() {
    QImage image;
    m_impl->withRenderer([&](ViewRenderer& renderer) {
        renderer.setFrame(m_impl->frame);
        image = renderer.picture(m_view.state());
    });
    return image;
}

QImage Viewport::grabScreen() { return m_impl->surface ? m_impl->surface->grab() : QImage(); }

double Viewport::lastPaintMs() const { return m_impl->times.last(); }

void Viewport::mousePressEvent(QMouseEvent* event) {
    if (m_impl->overlayTakes(event->position(), event->buttons() & Qt::LeftButton))
        return m_impl->refresh();
    const QPointF at = m_impl->device(event->position());
    m_impl->panned = true;
    if (m_impl->paints(event->button())) {
        const bool erases =
            event->button() == Qt::RightButton || event->modifiers().testFlag(Qt::ShiftModifier);
        m_impl->brush.press(m_impl->scene(at).view.toPicture(at), erases, m_impl->frame->frame);
        return m_impl->refresh();
    }
    if (m_impl->mouse.press(event->button(), at, m_impl->scene(at)))
        setCursor(m_impl->mouse.cursor(at, m_impl->scene(at)));
}

void Viewport::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = m_impl->device(event->position());
    const bool taken = m_impl->overlayTakes(event->position(), event->buttons() & Qt::LeftButton);
    if (m_view.state().statistics)
        m_impl->refresh(); // the windows follow the mouse
    if (taken && !m_impl->mouse.isDragging())
        return;
    if (m_impl->brush.isTaken()) {
        m_impl->brush.move(m_impl->scene(at).view.toPicture(at));
        m_impl->refresh();
    }
    m_impl->mouse.move(at, m_impl->scene(at));
    setCursor(m_impl->cursor(at));
    probeAt(event->position());
}

void Viewport::mouseReleaseEvent(QMouseEvent* event) {
    m_impl->overlayTakes(event->position(), false);
    m_impl->mouse.release();
    const QPointF at = m_impl->device(event->position());
    setCursor(m_impl->cursor(at));
    if (const auto stroke = m_impl->brush.release())
        Q_EMIT painted(*stroke);
}

void Viewport::wheelEvent(QWheelEvent* event) {
    const double steps = event->angleDelta().y() / kWheelUnits;
    if (m_impl->overlayTakes(event->position(), false, float(steps)))
        return m_impl->refresh();
    const QPointF at = m_impl->device(event->position());
    m_impl->mouse.zoom(std::pow(kWheelStep, steps), at, m_impl->scene(at));
    event->accept();
}

void Viewport::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (m_impl->surface)
        m_impl->surface->widget().resize(size());
    m_impl->tellMissing();
}

void Viewport::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!m_impl->surface && !std::exchange(m_impl->toldNoSurface, true))
        Q_EMIT failed(tr("This computer offers no OpenGL."));
}

bool Viewport::event(QEvent* event) {
    // The space bar is ours while the viewport has the focus, whatever shortcut the window gave it.
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space)
        event->accept();
    return QWidget::event(event);
}

void Viewport::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Space || event->isAutoRepeat())
        return QWidget::keyPressEvent(event);
    m_impl->mouse.setPanKey(true);
    m_impl->panned = false;
    setCursor(Qt::OpenHandCursor);
}

void Viewport::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Space || event->isAutoRepeat())
        return QWidget::keyReleaseEvent(event);
    m_impl->mouse.setPanKey(false);
    unsetCursor();
    if (!m_impl->panned)
        Q_EMIT spaceTapped();
}

void Viewport::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    m_impl->brush.leave();
    if (m_impl->brush.isTaken())
        m_impl->refresh();
    Q_EMIT probeLeft();
}

void Viewport::probeAt(QPointF widgetPoint) {
    if (!m_impl->frame || m_view.state().space)
        return;
    const QPointF at = toPicture(widgetPoint);
    const auto sample = probe(*m_impl->frame, {int(std::floor(at.x())), int(std::floor(at.y()))});
    if (sample)
        Q_EMIT probed(*sample);
    else
        Q_EMIT probeLeft();
}

} // namespace strata::ui
