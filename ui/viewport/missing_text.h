// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_layers.h"
#include "ui/viewport/view_state.h"

#include <QString>

namespace strata::ui {

/// One sentence when this frame has nothing yet of what the view shows; empty when it has.
QString missingText(const FrameLayers& frame, const ViewState& state);

} // namespace strata::ui
