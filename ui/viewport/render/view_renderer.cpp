// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/view_renderer.h"

#include "ui/viewport/render/body_look.h"

#include <cmath>

namespace strata::ui {
namespace {

// Shares of the picture's sides that are safe for action and for titles (EBU R 95).
constexpr double kActionSafe = 0.93, kTitleSafe = 0.90;
constexpr double kPaneGap = 2; // logical pixels between pictures side by side

QRectF shrunk(const QRectF& all, double share) {
    const QPointF margin(all.width() * (1 - share) / 2, all.height() * (1 - share) / 2);
    return QRectF(all.topLeft() + margin, all.bottomRight() - margin);
}

/// A rectangle of the screen in clip space, as quad.vert wants it.
glm::vec4 clipRect(const QRectF& rect, Size screen) {
    const auto x = [&](double v) { return float(v / screen.width * 2 - 1); };
    const auto y = [&](double v) { return float(1 - v / screen.height * 2); };
    return {x(rect.left()), y(rect.bottom()), x(rect.right()), y(rect.top())};
}

int compareNumber(CompareMode mode) {
    switch (mode) {
    case CompareMode::Wipe:
        return 1;
    case CompareMode::Difference:
        return 2;
    case CompareMode::Onion:
        return 3;
    default:
        return 0;
    }
}

GlTexture::Filter filterFor(double screenPerImage) {
    if (screenPerImage >= 2)
        return GlTexture::Filter::Nearest;
    return screenPerImage < 0.6 ? GlTexture::Filter::Mipmapped : GlTexture::Filter::Linear;
}

} // namespace

std::vector<QRectF> ScreenLayout::panes(const ViewState& state) const {
    const QRectF all(0, 0, screen.width, screen.height);
    if (state.compare != CompareMode::SideBySide || state.space)
        return {all};
    const double width = std::floor((all.width() - kPaneGap * unit) / 2);
    return {QRectF(0, 0, width, all.height()), QRectF(all.width() - width, 0, width, all.height())};
}

ViewRenderer::ViewRenderer(Gl& gl)
    : m_gl(gl)
    , m_programs(gl)
    , m_body(gl, m_programs)
    , m_pictures(gl, m_programs, m_body)
    , m_space(gl, m_programs, m_pictures, m_body)
    , m_strokes(gl, m_programs)
    , m_quad(gl)
    , m_overlay(gl, GlFramebuffer::Kind::Geometry, GL_RGBA8) {}

void ViewRenderer::setFrame(FrameLayersPtr frame) {
    if (frame == m_frame)
        return;
    m_frame = frame;
    m_pictures.setFrame(frame);
    m_space.setFrame(std::move(frame));
}

void ViewRenderer::setModel(std::shared_ptr<const BodyModel> model) {
    m_body.setModel(std::move(model));
    m_pictures.forgetBody();
}

void ViewRenderer::bindTarget(const ScreenLayout& layout) {
    m_gl.glBindFramebuffer(GL_FRAMEBUFFER, layout.target);
    m_gl.glViewport(0, 0, layout.screen.width, layout.screen.height);
}

void ViewRenderer::paint(const ViewState& state, const ScreenLayout& layout) {
    bindTarget(layout);
    m_gl.glDisable(GL_BLEND);
    m_gl.glDisable(GL_DEPTH_TEST);
    m_gl.glDisable(GL_SCISSOR_TEST);
    m_gl.glClearColor(0.09f, 0.09f, 0.1f, 1);
    m_gl.glClear(GL_COLOR_BUFFER_BIT);
    if (!m_frame)
        return;
    if (state.space)
        return paintSpace(state, layout);
    const auto places = layout.panes(state);
    for (std::size_t i = 0; i < places.size(); ++i)
        paintPane({places[i], viewTransform(state, m_frame->fullSize, places[i]),
                   i == 0 ? state.mode : state.compareWith, int(i)},
                  state, layout);
}

void ViewRenderer::paintPane(const Pane& pane, const ViewState& state, const ScreenLayout& layout) {
    const int compare = compareNumber(state.compare);
    const double pixel = 1.5 * layout.unit / pane.view.scale; // lines of views on the screen
    const auto filter = filterFor(pane.view.scale * m_frame->reduction);
    GlTexture* const image = compare ? nullptr : m_pictures.image(pane.mode, state);
    GlTexture& a = image ? *image : m_pictures.view(pane.slot, pane.mode, state, pixel);
    GlTexture& b = compare ? m_pictures.view(1, state.compareWith, state, pixel) : a;
    a.setFilter(filter);
    b.setFilter(filter);
    bindTarget(layout);
    m_gl.glEnable(GL_SCISSOR_TEST);
    const QRectF& place = pane.place;
    m_gl.glScissor(int(place.left()), int(layout.screen.height - place.bottom()),
                   int(place.width()), int(place.height()));
    const char* const fragment = image ? "viewport/copy.frag" : "viewport/present.frag";
    if (GlProgram* const program = m_programs.use("viewport/quad.vert", fragment)) {
        const Size size = m_frame->fullSize;
        const QRectF picture(pane.view.offset, QSizeF(size.width, size.height) * pane.view.scale);
        a.bind(0);
        b.bind(1);
        program->set("u_rect", clipRect(picture, layout.screen));
        program->set("u_a", 0);
        if (!image) {
            program->set("u_b", 1);
            program->set("u_compare", compare);
            program->set("u_share", state.compare == CompareMode::Wipe ? state.wipe : state.onion);
            program->set("u_checkered", int(state.checkerboard));
            program->set("u_square", 8 * layout.unit);
        }
        m_quad.drawStrip(4);
    }
    paintBody(pane, state, layout);
    paintMarks(pane, state, layout);
    m_gl.glDisable(GL_SCISSOR_TEST);
}

void ViewRenderer::paintBody(const Pane& pane, const ViewState& state, const ScreenLayout& layout) {
    const bool mesh = state.overlay == BodyOverlay::Mesh;
    if (!m_frame->body || !m_body.model() || state.overlay == BodyOverlay::Off)
        return;
    if (state.overlay == BodyOverlay::Skeleton)
        return m_strokes.draw(skeletonStrokes(*m_frame->body, m_body.model()->parents, pane.view,
                                              state.overlayOpacity, layout.unit),
                              layout.screen);
    m_overlay.begin(layout.screen);
    m_gl.glClearColor(0, 0, 0, 0);
    m_gl.glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
    const auto toClip = pinholeProjection(m_frame->body->camera, pane.view, layout.screen, false);
    m_body.draw(m_frame->body, toClip, mesh ? BodyStyle::Shaded : BodyStyle::Wireframe, false);
    m_gl.glDisable(GL_SCISSOR_TEST); // it would cut the resolving too
    m_overlay.resolve();
    m_gl.glEnable(GL_SCISSOR_TEST);
    bindTarget(layout);
    blit(m_overlay.texture(), state.overlayOpacity);
}

void ViewRenderer::blit(GlTexture& drawn, float opacity) {
    GlProgram* const program = m_programs.use("viewport/quad.vert", "viewport/blit.frag");
    if (!program)
        return;
    drawn.bind(0);
    program->set("u_rect", glm::vec4(-1, -1, 1, 1));
    program->set("u_a", 0);
    program->set("u_opacity", opacity);
    m_gl.glEnable(GL_BLEND);
    m_gl.glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    m_quad.drawStrip(4);
    m_gl.glDisable(GL_BLEND);
}

void ViewRenderer::paintMarks(const Pane& pane, const ViewState& state,
                              const ScreenLayout& layout) {
    Strokes strokes;
    const Size size = m_frame->fullSize;
    const QRectF picture(pane.view.offset, QSizeF(size.width, size.height) * pane.view.scale);
    if (state.safeAreas)
        for (const double share : {kActionSafe, kTitleSafe})
            addRectangle(strokes, shrunk(picture, share), {1.f, 1.f, 1.f, 0.55f},
                         0.6f * layout.unit);
    if (state.compare == CompareMode::Wipe) {
        const double x = picture.left() + state.wipe * picture.width();
        const QPointF top(x, picture.top()), bottom(x, picture.bottom());
        const QPointF middle = (top + bottom) / 2;
        strokes.push_back({top, bottom, {0.f, 0.f, 0.f, 0.5f}, 1.6f * layout.unit});
        strokes.push_back({top, bottom, {1.f, 1.f, 1.f, 0.95f}, 0.75f * layout.unit});
        strokes.push_back({middle, middle, {0.f, 0.f, 0.f, 0.5f}, 8 * layout.unit});
        strokes.push_back({middle, middle, {1.f, 1.f, 1.f, 0.95f}, 6.5f * layout.unit});
    }
    m_strokes.draw(strokes, layout.screen);
}

void ViewRenderer::paintOver(const Strokes& strokes, const ScreenLayout& layout) {
    if (strokes.empty())
        return;
    bindTarget(layout);
    m_strokes.draw(strokes, layout.screen);
}

void ViewRenderer::paintSpace(const ViewState& state, const ScreenLayout& layout) {
    m_space.draw(state, m_overlay, layout.screen);
    m_overlay.resolve();
    bindTarget(layout);
    blit(m_overlay.texture(), 1);
    m_strokes.draw(m_space.strokes(state, layout.screen, layout.unit), layout.screen);
}

QImage ViewRenderer::picture(const ViewState& state) {
    if (!m_frame)
        return {};
    GlTexture& view = m_pictures.view(0, state.mode, state);
    view.setFilter(GlTexture::Filter::Nearest);
    const Size size = view.size();
    GlFramebuffer out(m_gl, GlFramebuffer::Kind::Plain, GL_RGBA8);
    out.begin(size);
    QImage image(size.width, size.height, QImage::Format_RGBA8888);
    GlProgram* const program = m_programs.use("viewport/quad.vert", "viewport/image_out.frag");
    if (!program)
        return {};
    view.bind(0);
    program->set("u_rect", glm::vec4(-1, -1, 1, 1));
    program->set("u_a", 0);
    m_gl.glDisable(GL_BLEND);
    m_quad.drawStrip(4);
    m_gl.glPixelStorei(GL_PACK_ALIGNMENT, 4);
    m_gl.glReadPixels(0, 0, size.width, size.height, GL_RGBA, GL_UNSIGNED_BYTE, image.bits());
    return image;
}

} // namespace strata::ui
