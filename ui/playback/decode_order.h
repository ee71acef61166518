// SPDX-License-Identifier: Apache-2.0
// Internal to ui/playback.
#pragma once

#include "ui/playback/frame_provider.h"

#include <cstdint>
#include <vector>

namespace strata::ui {

/// Frames to have in memory for a request, in the order to decode them in: the asked frame and up
/// to `ahead` more in the direction of play, every `step`-th. Backwards they come in blocks that
/// are decoded forwards, since a frame between two key frames costs all frames from the key frame
/// on.
std::vector<std::int64_t> decodeOrder(const FrameRequest& request, std::int64_t frameCount,
                                      int ahead);

} // namespace strata::ui
