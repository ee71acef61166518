// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/synth/diffusion/frame_stack.h"

#include <vector>

namespace strata {

/// Where a sampling run is: between two windows. With the same networks and settings, going on from
/// here gives the same numbers as never having stopped.
struct SamplerState {
    int step = 0;
    int windowsDone = 0; // of this step
    FrameStack latents;  // as this step began
    // Weighted sums of this step's predictions so far; empty when no window is done.
    FrameStack withIdentity;
    FrameStack withoutIdentity; // also empty when the step is not guided
    std::vector<float> weights; // per frame
};

/// To and from named arrays, for files. What is read is checked: BadFormat names what is wrong.
ArrayMap toArrays(const SamplerState& state);
Result<SamplerState> samplerStateFrom(const ArrayMap& arrays, const std::string& file);

} // namespace strata
