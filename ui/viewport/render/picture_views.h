// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_layers.h"
#include "ui/viewport/gl/gl_framebuffer.h"
#include "ui/viewport/render/body_drawer.h"
#include "ui/viewport/view_state.h"

#include <array>
#include <memory>

namespace strata::ui {

/// The textures of one frame's layers; each is uploaded when a view first needs it.
class LayerTextures {
public:
    explicit LayerTextures(Gl& gl);
    void setFrame(FrameLayersPtr frame) { m_frame = std::move(frame); }
    /// How the mattes are changed before they are uploaded.
    void setLooks(const ViewState& state);
    /// Bound to `unit`, sampled as linear light; a layer that is not there is sampled as 0.
    void bind(LayerKind layer, int unit);
    /// The layer's image, uploaded; null when it is not there.
    GlTexture* texture(LayerKind layer);

private:
    struct Slot {
        std::unique_ptr<GlTexture> texture;
        std::shared_ptr<const void> uploaded; // the image; keeps it alive so that its address is
                                              // its identity
        LayerLook look;                       // as far as it changes the image
    };
    LayerLook changesOf(LayerKind layer) const;
    ImageU8 changed(const ImageU8& matte, const LayerLook& look) const;

    Gl& m_gl;
    FrameLayersPtr m_frame;
    LayerLook m_person, m_occluder;
    std::array<Slot, kLayerKinds> m_slots;
    GlTexture m_nothing;
};

/// Renders views of a frame at the size of its images: linear light, premultiplied, row 0 the
/// picture's top. A view is drawn again only when something it shows has changed.
class PictureViews {
public:
    PictureViews(Gl& gl, GlPrograms& programs, BodyDrawer& body);

    void setFrame(FrameLayersPtr frame);
    void forgetBody() { ++m_version; }
    /// `slot` 0..2: views that are needed at the same time lie in different ones. `pixel`: picture
    /// pixels per screen pixel, for lines of constant width.
    GlTexture& view(int slot, ViewMode mode, const ViewState& state, double pixel = 1);
    /// The view as an opaque sRGB-encoded image, to be put on the screen as it is: one of the
    /// frame's own images, or its layers together. Null where the view is none of these.
    GlTexture* image(ViewMode mode, const ViewState& state);

private:
    struct Target {
        std::unique_ptr<GlFramebuffer> framebuffer;
        int version = -1;
        ViewMode mode{};
        ViewState state;
        double pixel = 0;
    };
    void draw(ViewMode mode, const ViewState& state, double pixel, GlFramebuffer& target);
    bool isFresh(Target& target, ViewMode mode, const ViewState& state, double pixel);
    bool isOpaque(const ViewState& state) const;
    GlTexture& encodedLayers(const ViewState& state);
    void drawLayers(const ViewState& state, bool encoded = false);
    void drawMatte(ViewMode mode, double pixel);
    void drawCode(GlFramebuffer& target);
    void drawImage(LayerKind layer);
    GlProgram* start(const char* fragment);
    void cover(); // the whole target
    LayerKind personMatte() const;
    bool has(LayerKind layer) const;

    Gl& m_gl;
    bool m_skipsDecoding; // this driver can
    GlPrograms& m_programs;
    BodyDrawer& m_body;
    GlMesh m_quad;
    LayerTextures m_layers;
    GlFramebuffer m_code;
    std::array<Target, 3> m_targets;
    Target m_encoded;
    FrameLayersPtr m_frame;
    int m_version = 0;
};

} // namespace strata::ui
