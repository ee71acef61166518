// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/surface/gl_surface.h"

#include "ui/viewport/surface/card_surface.h"
#include "ui/viewport/surface/memory_surface.h"

#include <QOpenGLFunctions>

#include <algorithm>
#include <array>

namespace strata::ui {

namespace {

bool throughMemory(QOpenGLContext& context) {
    const QByteArray wished = qgetenv("STRATA_VIEWPORT");
    if (wished == "memory" || wished == "card")
        return wished == "memory";
    const auto* const name = context.functions()->glGetString(GL_RENDERER);
    return isSoftwareRenderer(reinterpret_cast<const char*>(name));
}

} // namespace

bool isSoftwareRenderer(const QByteArray& name) {
    constexpr std::array kNames{"llvmpipe",
                                "softpipe",
                                "swrast",
                                "SwiftShader",
                                "software rasterizer",
                                "software renderer",
                                "GDI Generic",
                                "Microsoft Basic Render"};
    const QByteArray lower = name.toLower();
    return std::ranges::any_of(
        kNames, [&](const char* known) { return lower.contains(QByteArray(known).toLower()); });
}

std::unique_ptr<GlSurface> makeGlSurface(QWidget& parent, GlPainter painter) {
    auto offscreen = OffscreenGl::open();
    if (!offscreen)
        return nullptr;
    if (throughMemory(offscreen->context))
        return std::make_unique<MemorySurface>(parent, std::move(painter), std::move(offscreen));
    offscreen.reset();
    return std::make_unique<CardSurface>(parent, std::move(painter));
}

} // namespace strata::ui
