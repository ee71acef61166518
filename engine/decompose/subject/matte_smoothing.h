// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"

#include <memory>

namespace strata {

struct MatteSmoothingOptions {
    int radius = 2;     // frames to either side
    int flowSide = 288; // shorter side of the pictures that the flow is computed on
};

/// Takes the flicker out of a matte without lag: every frame's matte is compared with its
/// neighbours', brought over along the optical flow, where the pictures agree. Parts that come into
/// sight before the matte has them are added (appearing_parts.h). A pure function of the frame's
/// number; looks at frames index - radius .. index + radius, and two to either side, only.
class MatteSmoothing {
public:
    /// Both sources must outlive this object and have the same size and number of frames.
    MatteSmoothing(ColorSource& color, MaskSource& matte, MatteSmoothingOptions options = {});
    MatteSmoothing(MatteSmoothing&&) noexcept;
    ~MatteSmoothing();

    Result<ImageU8> frame(std::int64_t index);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
