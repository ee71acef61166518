// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_layers.h"

#include <QPoint>

#include <array>
#include <optional>

namespace strata::ui {

using Rgb8 = std::array<int, 3>;

/// Values of the layers at one pixel, exact; layers that are not there are empty.
struct ProbeSample {
    QPoint pixel; // of the whole picture, whatever the reduction
    std::optional<Rgb8> source, plate, result;
    std::optional<int> human, occluder, alpha; // 0..255
    std::optional<int> depth;                  // 0..65535, larger = nearer
};

/// Nothing when the pixel lies outside the picture.
std::optional<ProbeSample> probe(const FrameLayers& frame, QPoint pixel);

} // namespace strata::ui
