// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/core/frame_source.h"

#include <memory>
#include <string>

namespace strata {

/// What an edit starts from, whether it was decomposed just now or read from a template.
struct EditLayers {
    std::unique_ptr<MaskSource> matte;    // the person who leaves
    std::unique_ptr<MaskSource> human;    // the person without what is in front
    std::unique_ptr<MaskSource> occluder; // may be null
    std::unique_ptr<ColorSource> plate;
    Motion motion;                  // with cameras
    std::int64_t portraitFrame = 0; // where the person is seen best
    std::string key;                // changes when any of it changes
};

} // namespace strata
