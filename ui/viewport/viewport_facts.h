// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_provider.h"

namespace strata::ui {

/// What the statistics overlay prints besides what the viewport measures itself.
struct ViewportFacts {
    FrameCacheState cache;
    std::int64_t shownFrames = 0, droppedFrames = 0;
};

} // namespace strata::ui
