// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/render/picture_views.h"
#include "ui/viewport/render/space_sheets.h"
#include "ui/viewport/render/strokes.h"

namespace strata::ui {

/// Camera frame of the clip to clip space of the orbiting camera; `target` is in the middle.
glm::mat4 orbitProjection(const OrbitState& orbit, const SpaceSheets& sheets, Size screen);

/// Draws the decomposition in space: each layer a sheet at its depth, pulled apart, with the body
/// at its place and the clip's camera.
class SpaceView {
public:
    SpaceView(Gl& gl, GlPrograms& programs, PictureViews& pictures, BodyDrawer& body);

    void setFrame(FrameLayersPtr frame);
    /// Into `target`, which has depth. Row order of a window.
    void draw(const ViewState& state, GlFramebuffer& target, Size screen);
    /// Outlines of the sheets, the clip's camera and the skeleton, to lay over it.
    Strokes strokes(const ViewState& state, Size screen, float unit);

private:
    struct Layer {
        ViewMode mode;
        const ImageF* z;
        GlTexture* grid;
        GlTexture* picture;
        float push;
        float meanZ;
        glm::vec4 color; // of its outline
    };
    std::vector<Layer> layers(const ViewState& state); // back to front
    void drawSheet(const Layer& layer, const glm::mat4& toClip);
    void update();

    Gl& m_gl;
    GlPrograms& m_programs;
    PictureViews& m_pictures;
    BodyDrawer& m_body;
    GlMesh m_grid;
    GlTexture m_sceneGrid, m_humanGrid, m_occluderGrid;
    FrameLayersPtr m_frame;
    FrameLayersPtr m_measured; // what m_sheets is of
    SpaceSheets m_sheets;
};

} // namespace strata::ui
