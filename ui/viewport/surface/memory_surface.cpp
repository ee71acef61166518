// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/surface/memory_surface.h"

#include <QOpenGLVersionFunctionsFactory>
#include <QPaintEvent>
#include <QPainter>

#include <cmath>
#include <cstring>
#include <utility>

namespace strata::ui {

std::unique_ptr<OffscreenGl> OffscreenGl::open() {
    auto made = std::make_unique<OffscreenGl>();
    made->surface.create();
    if (!made->context.create() || !made->context.makeCurrent(&made->surface))
        return nullptr;
    return made;
}

MemorySurface::MemorySurface(QWidget& parent, GlPainter painter,
                             std::unique_ptr<OffscreenGl> offscreen)
    : QWidget(&parent)
    , m_painter(std::move(painter))
    , m_offscreen(std::move(offscreen)) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

MemorySurface::~MemorySurface() {
    if (!m_gl || !m_offscreen->context.makeCurrent(&m_offscreen->surface))
        return;
    m_painter.end();
    m_drawn.reset();
    doneCurrent();
}

bool MemorySurface::makeCurrent() {
    QOpenGLContext& context = m_offscreen->context;
    if (!context.makeCurrent(&m_offscreen->surface))
        return false;
    if (!std::exchange(m_begun, true)) {
        m_gl = QOpenGLVersionFunctionsFactory::get<Gl>(&context);
        m_painter.begin(context); // says what is missing
        if (m_gl)
            m_drawn.emplace(*m_gl, GlFramebuffer::Kind::Plain, GL_RGBA8);
    }
    return m_gl != nullptr;
}

void MemorySurface::refresh() {
    m_stale = true;
    update();
}

QImage MemorySurface::grab() {
    draw();
    QImage image = m_image;
    image.setDevicePixelRatio(1);
    return image;
}

void MemorySurface::draw() {
    const double ratio = devicePixelRatio();
    const Size size{int(std::lround(width() * ratio)), int(std::lround(height() * ratio))};
    if (size.width < 1 || size.height < 1 || !makeCurrent())
        return;
    m_drawn->begin(size);
    m_painter.paint(m_drawn->id());
    read(size);
    doneCurrent();
    m_image.setDevicePixelRatio(ratio);
    m_stale = false;
}

void MemorySurface::read(Size size) {
    const auto width = std::size_t(size.width), height = std::size_t(size.height);
    m_rows.resize(width * height);
    m_gl->glBindFramebuffer(GL_FRAMEBUFFER, m_drawn->id());
    m_gl->glPixelStorei(GL_PACK_ALIGNMENT, 4);
    m_gl->glReadPixels(0, 0, size.width, size.height, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV,
                       m_rows.data());
    if (m_image.size() != QSize(size.width, size.height))
        m_image = QImage(size.width, size.height, QImage::Format_RGB32);
    for (std::size_t y = 0; y < height; ++y)
        std::memcpy(m_image.scanLine(int(y)), &m_rows[(height - 1 - y) * width], 4 * width);
}

void MemorySurface::paintEvent(QPaintEvent* event) {
    const double ratio = devicePixelRatio();
    if (m_stale || m_image.devicePixelRatio() != ratio)
        draw();
    QPainter painter(this);
    const QRectF place = event->rect();
    if (m_image.isNull())
        painter.fillRect(place, Qt::black);
    else
        painter.drawImage(place, m_image, QRectF(place.topLeft() * ratio, place.size() * ratio));
}

void MemorySurface::resizeEvent(QResizeEvent*) { m_stale = true; }

} // namespace strata::ui
