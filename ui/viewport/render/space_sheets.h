// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_layers.h"

#include <glm/glm.hpp>

namespace strata::ui {

/// The layers of a frame as sheets in the camera's frame: camera z at each point of a grid over the
/// picture, corners included. Metres where the body is known, else in a guessed unit.
struct SpaceSheets {
    ImageF scene, human, occluder; // [rows, columns, 1]; empty where the layer is not there
    glm::vec3 target{0.f};         // what the orbit turns round: the person, else the middle
    Camera camera;                 // the clip's; guessed without a body
    /// Mean z of each sheet, for its frame.
    float sceneZ = 0, humanZ = 0, occluderZ = 0;
};

/// Inverse depth knows neither scale nor shift in metres: the person's distance comes from the
/// fitted body, and the far end of the depth's range is put at several times that distance. Under a
/// layer's holes its depth is carried over from the nearest places that belong to it.
SpaceSheets spaceSheets(const FrameLayers& frame, Size grid = {160, 90});

} // namespace strata::ui
