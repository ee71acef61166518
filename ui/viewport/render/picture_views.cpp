// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/picture_views.h"

#include "engine/media/painted_matte.h"
#include "engine/media/trimmed_matte.h"
#include "ui/playback/layer_reader.h"
#include "ui/viewport/render/body_look.h"

#include <algorithm>

namespace strata::ui {
namespace {

std::shared_ptr<const ImageU8> bytesOf(const FrameLayers& frame, LayerKind layer) {
    switch (layer) {
    case LayerKind::Source:
        return frame.source;
    case LayerKind::Plate:
        return frame.plate;
    case LayerKind::Result:
        return frame.result;
    case LayerKind::Human:
        return frame.human;
    case LayerKind::Occluder:
        return frame.occluder;
    case LayerKind::Alpha:
        return frame.alpha;
    default:
        return nullptr;
    }
}

float seen(const LayerLook& look) { return look.visible ? look.opacity : 0.f; }

} // namespace

LayerTextures::LayerTextures(Gl& gl)
    : m_gl(gl)
    , m_nothing(gl) {
    m_nothing.upload(ImageU8(1, 1, 1));
}

void LayerTextures::bind(LayerKind layer, int unit) {
    m_gl.glActiveTexture(GLenum(GL_TEXTURE0 + unit));
    GlTexture* const own = texture(layer);
    if (own)
        own->setDecoding(true);
    (own ? *own : m_nothing).bind(unit);
}

GlTexture* LayerTextures::texture(LayerKind layer) {
    const auto bytes = m_frame ? bytesOf(*m_frame, layer) : nullptr;
    const auto depth = m_frame && layer == LayerKind::Depth ? m_frame->depth : nullptr;
    if (!bytes && !depth)
        return nullptr;
    Slot& slot = m_slots[std::size_t(layer)];
    const auto image = bytes ? std::shared_ptr<const void>(bytes) : depth;
    const LayerLook look = changesOf(layer);
    if (slot.uploaded != image || slot.look != look) {
        if (!slot.texture)
            slot.texture = std::make_unique<GlTexture>(m_gl);
        if (depth)
            slot.texture->upload(*depth);
        else
            slot.texture->upload(look == LayerLook{} ? *bytes : changed(*bytes, look));
        slot.uploaded = image;
        slot.look = look;
    }
    return slot.texture.get();
}

void LayerTextures::setLooks(const ViewState& state) {
    m_person = state.human;
    m_occluder = state.occluder;
}

/// Of a look, only what changes the layer's image.
LayerLook LayerTextures::changesOf(LayerKind layer) const {
    LayerLook look;
    if (layer == LayerKind::Human || layer == LayerKind::Alpha)
        look = m_person;
    else if (layer == LayerKind::Occluder)
        look = m_occluder;
    if (look.strokes && !isPainted(*look.strokes, m_frame->frame))
        look.strokes = nullptr;
    look.visible = true;
    look.opacity = 1;
    return look;
}

ImageU8 LayerTextures::changed(const ImageU8& matte, const LayerLook& look) const {
    const double scale = 1.0 / m_frame->reduction;
    const MatteTrim trim{look.trim.grow * scale, look.trim.feather * scale};
    if (!look.strokes)
        return trimmedMatte(matte, trim);
    return trimmedMatte(paintedMatte(matte, *look.strokes, m_frame->frame, scale), trim);
}

PictureViews::PictureViews(Gl& gl, GlPrograms& programs, BodyDrawer& body)
    : m_gl(gl)
    , m_skipsDecoding(GlTexture::canSkipDecoding())
    , m_programs(programs)
    , m_body(body)
    , m_quad(gl)
    , m_layers(gl)
    , m_code(gl, GlFramebuffer::Kind::Geometry, GL_RGBA8) {
    for (auto& target : m_targets)
        target.framebuffer =
            std::make_unique<GlFramebuffer>(gl, GlFramebuffer::Kind::Plain, GL_RGBA16F);
    m_encoded.framebuffer =
        std::make_unique<GlFramebuffer>(gl, GlFramebuffer::Kind::Plain, GL_RGBA8);
}

void PictureViews::setFrame(FrameLayersPtr frame) {
    m_frame = frame;
    m_layers.setFrame(std::move(frame));
    ++m_version;
}

GlTexture& PictureViews::view(int slot, ViewMode mode, const ViewState& state, double pixel) {
    Target& target = m_targets[std::size_t(slot)];
    if (!isFresh(target, mode, state, pixel)) {
        m_layers.setLooks(state);
        draw(mode, state, pixel, *target.framebuffer);
    }
    return target.framebuffer->texture();
}

/// Whether the target shows this already; it is taken for drawn from now on.
bool PictureViews::isFresh(Target& target, ViewMode mode, const ViewState& state, double pixel) {
    const auto looks = [](const ViewState& s) { return std::array{s.scene, s.human, s.occluder}; };
    const bool known = target.version == m_version && target.mode == mode &&
                       looks(target.state) == looks(state) &&
                       (target.pixel == pixel || mode != ViewMode::Boundary);
    target.version = m_version;
    target.mode = mode;
    target.state = state;
    target.pixel = pixel;
    return known;
}

GlTexture* PictureViews::image(ViewMode mode, const ViewState& state) {
    if (mode == ViewMode::Result && !has(LayerKind::Result)) {
        if (!m_skipsDecoding || !state.isWhole())
            return isOpaque(state) ? &encodedLayers(state) : nullptr;
        mode = ViewMode::Source; // what all layers together give
    }
    if (!m_skipsDecoding ||
        (mode != ViewMode::Source && mode != ViewMode::Scene && mode != ViewMode::Result))
        return nullptr;
    GlTexture* const texture = m_layers.texture(mode == ViewMode::Source  ? LayerKind::Source
                                                : mode == ViewMode::Scene ? LayerKind::Plate
                                                                          : LayerKind::Result);
    if (texture)
        texture->setDecoding(false);
    return texture;
}

/// No pixel of the layers together lets the backdrop through.
bool PictureViews::isOpaque(const ViewState& state) const {
    return has(LayerKind::Source) && seen(state.scene) == 1.f && seen(state.occluder) == 1.f &&
           (has(LayerKind::Plate) || seen(state.human) == 1.f);
}

GlTexture& PictureViews::encodedLayers(const ViewState& state) {
    if (!isFresh(m_encoded, ViewMode::Result, state, 1)) {
        m_layers.setLooks(state);
        m_encoded.framebuffer->begin(reducedSize(m_frame->fullSize, m_frame->reduction));
        m_gl.glDisable(GL_BLEND);
        drawLayers(state, true);
    }
    return m_encoded.framebuffer->texture();
}

void PictureViews::draw(ViewMode mode, const ViewState& state, double pixel,
                        GlFramebuffer& target) {
    const Size size = reducedSize(m_frame->fullSize, m_frame->reduction);
    target.begin(size);
    m_gl.glDisable(GL_BLEND);
    m_gl.glClearColor(0, 0, 0, 0);
    m_gl.glClear(GL_COLOR_BUFFER_BIT);
    ViewState alone = state;
    const LayerLook hidden{false, 0};
    switch (mode) {
    case ViewMode::Source:
        return drawImage(LayerKind::Source);
    case ViewMode::Scene:
        return drawImage(LayerKind::Plate);
    case ViewMode::Human:
        alone.scene = alone.occluder = hidden;
        alone.human = {};
        return drawLayers(alone);
    case ViewMode::Occluder:
        alone.scene = alone.human = hidden;
        alone.occluder = {};
        return drawLayers(alone);
    case ViewMode::Result:
        if (has(LayerKind::Result))
            return drawImage(LayerKind::Result);
        return drawLayers(state);
    case ViewMode::Alpha:
    case ViewMode::Rubylith:
    case ViewMode::Boundary:
    case ViewMode::Depth:
        return drawMatte(mode, pixel);
    case ViewMode::MotionCode:
        return drawCode(target);
    }
}

bool PictureViews::has(LayerKind layer) const {
    return layer == LayerKind::Depth ? bool(m_frame->depth) : bool(bytesOf(*m_frame, layer));
}

/// The best of what is there: what is seen of the person, else the matte that it is made from.
LayerKind PictureViews::personMatte() const {
    return has(LayerKind::Human) ? LayerKind::Human : LayerKind::Alpha;
}

GlProgram* PictureViews::start(const char* fragment) {
    GlProgram* const program = m_programs.use("viewport/quad.vert", fragment);
    if (program) // upside down for OpenGL: row 0 of the texture is the picture's top
        program->set("u_rect", glm::vec4(-1, 1, 1, -1));
    return program;
}

void PictureViews::cover() { m_quad.drawStrip(4); }

void PictureViews::drawImage(LayerKind layer) {
    GlProgram* const program = has(layer) ? start("views/image.frag") : nullptr;
    if (!program)
        return;
    m_layers.bind(layer, 0);
    program->set("u_source", 0);
    cover();
}

void PictureViews::drawLayers(const ViewState& state, bool encoded) {
    if (!has(LayerKind::Source))
        return;
    GlProgram* const program = start("views/layers.frag");
    if (!program)
        return;
    const std::pair<const char*, LayerKind> samplers[] = {{"u_source", LayerKind::Source},
                                                          {"u_plate", LayerKind::Plate},
                                                          {"u_human", personMatte()},
                                                          {"u_occluder", LayerKind::Occluder}};
    int unit = 0;
    for (const auto& [name, layer] : samplers) {
        m_layers.bind(layer, unit);
        program->set(name, unit++);
    }
    program->set("u_hasPlate", int(has(LayerKind::Plate)));
    program->set("u_encoded", int(encoded));
    program->set("u_sceneOpacity", seen(state.scene));
    program->set("u_humanOpacity", seen(state.human));
    program->set("u_occluderOpacity", seen(state.occluder));
    cover();
}

void PictureViews::drawMatte(ViewMode mode, double pixel) {
    if (mode == ViewMode::Depth && !has(LayerKind::Depth))
        return;
    GlProgram* const program = start(mode == ViewMode::Alpha      ? "views/alpha.frag"
                                     : mode == ViewMode::Rubylith ? "views/rubylith.frag"
                                     : mode == ViewMode::Boundary ? "views/boundary.frag"
                                                                  : "views/depth.frag");
    if (!program)
        return;
    const LayerKind matte =
        mode == ViewMode::Alpha && has(LayerKind::Alpha) ? LayerKind::Alpha : personMatte();
    m_layers.bind(mode == ViewMode::Depth ? LayerKind::Depth : LayerKind::Source, 0);
    m_layers.bind(matte, 1);
    m_layers.bind(LayerKind::Occluder, 2);
    program->set("u_source", 0);
    program->set("u_depth", 0);
    program->set("u_alpha", 1);
    program->set("u_occluder", 2);
    program->set("u_far", kDepthFar);
    program->set("u_near", kDepthNear);
    const Size size = reducedSize(m_frame->fullSize, m_frame->reduction);
    program->set("u_texel", glm::vec2(1.f / float(size.width), 1.f / float(size.height)));
    program->set("u_width", float(std::max(0.75, pixel / m_frame->reduction)));
    cover();
}

void PictureViews::drawCode(GlFramebuffer& target) {
    const Size size = target.texture().size();
    m_code.begin(size);
    m_gl.glClearColor(0, 0, 0, 1);
    m_gl.glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
    if (m_frame->body && m_frame->body->confidence > 0) {
        const ViewTransform reduced{1.0 / m_frame->reduction, {}};
        const auto& camera = m_frame->body->camera;
        m_body.draw(m_frame->body, pinholeProjection(camera, reduced, size, true), BodyStyle::Code,
                    true);
    }
    m_code.resolve();
    target.begin(size);
    if (GlProgram* const program = start("views/encoded.frag")) {
        m_code.texture().bind(0);
        program->set("u_picture", 0);
        cover();
    }
}

} // namespace strata::ui
