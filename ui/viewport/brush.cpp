// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/brush.h"

#include <QLineF>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace strata::ui {
namespace {

constexpr int kCorners = 48;        // of the outline
constexpr double kLeastStep = 0.75; // picture pixels between points of a stroke

StrokePoint pointOf(QPointF at) { return {float(at.x()), float(at.y())}; }

} // namespace

void Brush::take(std::optional<LayerKind> layer) {
    m_layer = layer;
    m_stroke.reset();
}

void Brush::setRadius(double radius) { m_radius = std::clamp(radius, kLeastRadius, kMostRadius); }

void Brush::press(QPointF at, bool erases, std::int64_t frame) {
    m_cursor = at;
    m_stroke = MatteStroke{frame, !erases, m_radius, {pointOf(at)}};
}

void Brush::move(QPointF at) {
    m_cursor = at;
    if (!m_stroke)
        return;
    const StrokePoint last = m_stroke->points.back();
    if (QLineF({last.x, last.y}, at).length() >= kLeastStep)
        m_stroke->points.push_back(pointOf(at));
}

std::optional<MatteStroke> Brush::release() { return std::exchange(m_stroke, std::nullopt); }

ViewState Brush::withStroke(ViewState state) const {
    if (!m_stroke || !m_layer)
        return state;
    LayerLook& look = *m_layer == LayerKind::Occluder ? state.occluder : state.human;
    auto strokes = look.strokes ? *look.strokes : std::vector<MatteStroke>();
    strokes.push_back(*m_stroke);
    look.strokes = std::make_shared<const std::vector<MatteStroke>>(std::move(strokes));
    return state;
}

Strokes Brush::outline(const ViewTransform& view, double unit) const {
    Strokes strokes;
    if (!m_layer || !m_cursor)
        return strokes;
    const auto corner = [&](int i) {
        const double angle = 2 * std::numbers::pi * i / kCorners;
        return view.toScreen(*m_cursor + m_radius * QPointF(std::cos(angle), std::sin(angle)));
    };
    struct Line {
        glm::vec4 color;
        double radius;
    };
    for (const Line& line : {Line{{0.f, 0.f, 0.f, 0.6f}, 1.5}, Line{{1.f, 1.f, 1.f, 1.f}, 0.6}})
        for (int i = 0; i < kCorners; ++i)
            strokes.push_back({corner(i), corner(i + 1), line.color, float(line.radius * unit)});
    return strokes;
}

} // namespace strata::ui
