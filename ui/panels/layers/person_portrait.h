// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_layers.h"

#include <QImage>

#include <optional>

namespace strata::ui {

/// A small square picture of a person's head, cut from a frame by the person's matte.
struct PersonPortrait {
    QImage image;
    double worth = 0; // pixels of the clip that its side is made from; more is better
};

/// Nothing when the frame does not show enough of the person, or its layers are not there. `side`
/// in pixels.
std::optional<PersonPortrait> portraitOf(const FrameLayers& frame, int side);

} // namespace strata::ui
