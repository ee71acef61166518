// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/render/space_view.h"
#include "ui/viewport/view_transform.h"

#include <QImage>

#include <vector>

namespace strata::ui {

/// Where on the screen the picture is to be drawn.
struct ScreenLayout {
    Size screen;       // device pixels
    float unit = 1;    // device pixels per logical one
    GLuint target = 0; // framebuffer of the widget

    /// One part of the screen for each picture side by side, in device pixels.
    std::vector<QRectF> panes(const ViewState& state) const;
};

/// Everything the viewport draws with OpenGL. Made, used and destroyed with the context current.
class ViewRenderer {
public:
    explicit ViewRenderer(Gl& gl);

    void setFrame(FrameLayersPtr frame);
    void setModel(std::shared_ptr<const BodyModel> model);

    void paint(const ViewState& state, const ScreenLayout& layout);
    /// On top of what was painted.
    void paintOver(const Strokes& strokes, const ScreenLayout& layout);
    /// The current view at the size of its images; straight alpha.
    QImage picture(const ViewState& state);
    /// What does not compile, or empty.
    const std::string& error() const { return m_programs.error(); }

private:
    struct Pane {
        QRectF place;
        ViewTransform view;
        ViewMode mode;
        int slot; // of PictureViews
    };
    void paintPane(const Pane& pane, const ViewState& state, const ScreenLayout& layout);
    void paintBody(const Pane& pane, const ViewState& state, const ScreenLayout& layout);
    void paintMarks(const Pane& pane, const ViewState& state, const ScreenLayout& layout);
    void paintSpace(const ViewState& state, const ScreenLayout& layout);
    void bindTarget(const ScreenLayout& layout);
    void blit(GlTexture& drawn, float opacity);

    Gl& m_gl;
    GlPrograms m_programs;
    BodyDrawer m_body;
    PictureViews m_pictures;
    SpaceView m_space;
    StrokeDrawer m_strokes;
    GlMesh m_quad;
    GlFramebuffer m_overlay; // bodies and sheets, at the size of the screen
    FrameLayersPtr m_frame;
};

} // namespace strata::ui
