// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/matte_stroke.h"
#include "engine/core/matte_trim.h"

#include <QPointF>

#include <memory>
#include <vector>

namespace strata::ui {

enum class ViewMode {
    Result, // the rendered edit where there is one, else the layers put together
    Source,
    Human,    // the person alone
    Scene,    // the plate alone
    Occluder, // what is in front, alone
    Alpha,    // the person's matte in grey
    Rubylith, // the source under red where the person is not
    Boundary, // outlines of the person and of what is in front, on the source
    Depth,    // in colours, bright = near
    MotionCode,
};
constexpr int kViewModes = 10;

enum class CompareMode { Off, Wipe, SideBySide, Difference, Onion };

enum class BodyOverlay { Off, Mesh, Wireframe, Skeleton };

struct LayerLook {
    bool visible = true;
    float opacity = 1;   // 0..1
    MatteTrim trim = {}; // of its matte
    /// Painted into its matte before that; null: none. The same list is the same look.
    std::shared_ptr<const std::vector<MatteStroke>> strokes = {};
    bool operator==(const LayerLook&) const = default;
};

/// Camera of the space view: it looks at the person (or the middle of the scene) from a distance.
struct OrbitState {
    float yaw = 35;        // degrees to the right of the clip's camera
    float pitch = 12;      // degrees above it
    float distance = 2.2f; // in distances of the target from the clip's camera
    float spread = 0.5f;   // how far the layers are pulled apart, 0..1
    bool operator==(const OrbitState&) const = default;
};

/// How the viewport looks at the clip. Plain data; see ViewControl for changing it.
struct ViewState {
    ViewMode mode = ViewMode::Result;
    CompareMode compare = CompareMode::Off;
    ViewMode compareWith = ViewMode::Source; // B; A is `mode`
    float wipe = 0.5f;                       // A is left of this share of the picture's width
    float onion = 0.5f;                      // share of B in the onion skin
    BodyOverlay overlay = BodyOverlay::Off;
    float overlayOpacity = 0.85f;
    LayerLook scene, human, occluder; // of the views that put layers together
    /// All three as they are in the clip: together they give its picture again.
    bool isWhole() const {
        return scene == LayerLook{} && human == LayerLook{} && occluder == LayerLook{};
    }
    bool checkerboard = true; // behind what is transparent; else black
    bool safeAreas = false;
    bool statistics = false; // frame time, cache, memory and pose inspector

    bool fit = true;    // the whole picture, whatever the size of the window; zoom, centre unused
    double zoom = 1;    // screen (device) pixels per picture pixel
    QPointF centre;     // picture pixel in the middle of the view
    bool space = false; // the layers in space instead of the picture
    OrbitState orbit;

    bool operator==(const ViewState&) const = default;
};

} // namespace strata::ui
