// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/space_view.h"

#include "ui/viewport/render/body_look.h"

#include <glm/gtc/matrix_transform.hpp>

#include <cmath>
#include <optional>

namespace strata::ui {
namespace {

constexpr Size kGrid{160, 90};
constexpr float kStretch = 0.12f; // of z from one grid point to the next: more is a jump

std::vector<std::uint32_t> gridTriangles(Size grid) {
    std::vector<std::uint32_t> indices;
    for (int y = 0; y + 1 < grid.height; ++y)
        for (int x = 0; x + 1 < grid.width; ++x) {
            const auto a = std::uint32_t(y * grid.width + x), b = a + 1;
            const auto c = a + std::uint32_t(grid.width), d = c + 1;
            indices.insert(indices.end(), {a, c, b, b, c, d});
        }
    return indices;
}

std::optional<QPointF> onScreen(const glm::mat4& toClip, const glm::vec3& point, Size screen) {
    const glm::vec4 clip = toClip * glm::vec4(point, 1.f);
    if (clip.w < 0.01f)
        return {};
    return QPointF((clip.x / clip.w + 1) / 2 * float(screen.width),
                   (1 - clip.y / clip.w) / 2 * float(screen.height));
}

/// Corners of the picture at distance z, in the camera's frame.
std::array<glm::vec3, 4> cornersAt(const Camera& camera, float z, float push) {
    const auto w = float(camera.size.width), h = float(camera.size.height);
    std::array<glm::vec3, 4> corners;
    const glm::vec2 pixels[] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
    for (int i = 0; i < 4; ++i)
        corners[i] = {(pixels[i].x - camera.cx) / camera.fx * z,
                      (pixels[i].y - camera.cy) / camera.fy * z, z + push};
    return corners;
}

} // namespace

glm::mat4 orbitProjection(const OrbitState& orbit, const SpaceSheets& sheets, Size screen) {
    const float yaw = glm::radians(orbit.yaw), pitch = glm::radians(orbit.pitch);
    const float distance = orbit.distance * std::max(0.3f, sheets.target.z);
    const glm::vec3 back(std::sin(yaw) * std::cos(pitch), -std::sin(pitch),
                         -std::cos(yaw) * std::cos(pitch));
    const glm::mat4 view = glm::lookAt(sheets.target + back * distance, sheets.target,
                                       glm::vec3(0, -1, 0)); // y points down here
    const float height = float(sheets.camera.size.height) / sheets.camera.fy;
    const float aspect = float(screen.width) / float(std::max(1, screen.height));
    return glm::perspective(2 * std::atan(height / 2), aspect, distance * 0.02f, distance * 50) *
           view;
}

SpaceView::SpaceView(Gl& gl, GlPrograms& programs, PictureViews& pictures, BodyDrawer& body)
    : m_gl(gl)
    , m_programs(programs)
    , m_pictures(pictures)
    , m_body(body)
    , m_grid(gl)
    , m_sceneGrid(gl)
    , m_humanGrid(gl)
    , m_occluderGrid(gl) {
    m_grid.setIndices(gridTriangles(kGrid));
}

void SpaceView::setFrame(FrameLayersPtr frame) { m_frame = std::move(frame); }

void SpaceView::update() {
    if (m_measured == m_frame)
        return;
    m_sheets = spaceSheets(*m_frame, kGrid);
    m_measured = m_frame;
    if (!m_sheets.scene.empty())
        m_sceneGrid.upload(m_sheets.scene);
    if (!m_sheets.human.empty())
        m_humanGrid.upload(m_sheets.human);
    if (!m_sheets.occluder.empty())
        m_occluderGrid.upload(m_sheets.occluder);
}

std::vector<SpaceView::Layer> SpaceView::layers(const ViewState& state) {
    const float unit = state.orbit.spread * std::max(0.3f, m_sheets.target.z);
    const Layer all[] = {{ViewMode::Scene,
                          &m_sheets.scene,
                          &m_sceneGrid,
                          nullptr,
                          unit * 0.8f,
                          m_sheets.sceneZ,
                          {0.45f, 0.65f, 1.f, 0.7f}},
                         {ViewMode::Human,
                          &m_sheets.human,
                          &m_humanGrid,
                          nullptr,
                          0,
                          m_sheets.humanZ,
                          {1.f, 0.8f, 0.25f, 0.7f}},
                         {ViewMode::Occluder,
                          &m_sheets.occluder,
                          &m_occluderGrid,
                          nullptr,
                          unit * -0.5f,
                          m_sheets.occluderZ,
                          {0.3f, 0.9f, 0.9f, 0.7f}}};
    const LayerLook looks[] = {state.scene, state.human, state.occluder};
    std::vector<Layer> shown;
    for (int i = 0; i < 3; ++i)
        if (looks[i].visible && looks[i].opacity > 0 && !all[i].z->empty())
            shown.push_back(all[i]);
    return shown;
}

void SpaceView::draw(const ViewState& state, GlFramebuffer& target, Size screen) {
    update();
    const glm::mat4 toClip = orbitProjection(state.orbit, m_sheets, screen);
    auto shown = layers(state);
    for (std::size_t i = 0; i < shown.size(); ++i) { // first of all: this changes the target
        ViewState alone = state;
        alone.scene.visible = true;
        alone.human.visible = alone.occluder.visible = false;
        // The scene with a hole where the occluder hides it, which the plate itself does not have.
        const auto mode = shown[i].mode == ViewMode::Scene ? ViewMode::Result : shown[i].mode;
        shown[i].picture = &m_pictures.view(int(i), mode, alone);
        shown[i].picture->setFilter(GlTexture::Filter::Mipmapped);
    }
    target.begin(screen);
    m_gl.glClearColor(0.07f, 0.075f, 0.085f, 1);
    m_gl.glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
    m_gl.glEnable(GL_DEPTH_TEST);
    m_gl.glEnable(GL_BLEND);
    m_gl.glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    for (const auto& layer : shown)
        drawSheet(layer, toClip);
    m_gl.glDisable(GL_BLEND);
    m_gl.glDisable(GL_DEPTH_TEST);
    const bool mesh = state.overlay == BodyOverlay::Mesh;
    if (m_frame->body && (mesh || state.overlay == BodyOverlay::Wireframe))
        m_body.draw(m_frame->body, toClip, mesh ? BodyStyle::Shaded : BodyStyle::Wireframe, false);
}

void SpaceView::drawSheet(const Layer& layer, const glm::mat4& toClip) {
    GlProgram* const program = m_programs.use("space/sheet.vert", "space/sheet.frag");
    if (!program)
        return;
    layer.grid->bind(0);
    layer.picture->bind(1);
    const Camera& camera = m_sheets.camera;
    const glm::vec2 size(camera.size.width, camera.size.height);
    program->set("u_grid", 0);
    program->set("u_picture", 1);
    program->set("u_size", glm::ivec2(kGrid.width, kGrid.height));
    program->set("u_intrinsics", glm::vec4(glm::vec2(camera.fx, camera.fy) / size,
                                           glm::vec2(camera.cx, camera.cy) / size));
    program->set("u_push", layer.push);
    program->set("u_stretch", kStretch);
    program->set("u_world", toClip);
    m_grid.drawTriangles();
}

Strokes SpaceView::strokes(const ViewState& state, Size screen, float unit) {
    Strokes strokes;
    const glm::mat4 toClip = orbitProjection(state.orbit, m_sheets, screen);
    const auto line = [&](const glm::vec3& a, const glm::vec3& b, const glm::vec4& color) {
        const auto from = onScreen(toClip, a, screen), to = onScreen(toClip, b, screen);
        if (from && to)
            strokes.push_back({*from, *to, color, 0.75f * unit});
    };
    for (const auto& layer : layers(state)) {
        const auto corners = cornersAt(m_sheets.camera, layer.meanZ, layer.push);
        for (int i = 0; i < 4; ++i)
            line(corners[i], corners[(i + 1) % 4], layer.color);
    }
    const glm::vec4 grey(0.75f, 0.75f, 0.75f, 0.6f);
    const auto screenPlane = cornersAt(m_sheets.camera, 0.12f * m_sheets.target.z, 0);
    for (int i = 0; i < 4; ++i) { // the clip's camera
        line({0, 0, 0}, screenPlane[i], grey);
        line(screenPlane[i], screenPlane[(i + 1) % 4], grey);
    }
    if (state.overlay != BodyOverlay::Skeleton || !m_frame->body || !m_body.model())
        return strokes;
    std::array<QPointF, kBodyJoints> places;
    std::array<bool, kBodyJoints> inFront{};
    for (int j = 0; j < kBodyJoints; ++j)
        if (const auto place = onScreen(
                toClip, m_frame->body->camera.toCamera(m_frame->body->joints[j]), screen)) {
            places[j] = *place;
            inFront[j] = true;
        }
    const auto bones =
        skeletonStrokes(places, inFront, m_body.model()->parents, state.overlayOpacity, unit);
    strokes.insert(strokes.end(), bones.begin(), bones.end());
    return strokes;
}

} // namespace strata::ui
