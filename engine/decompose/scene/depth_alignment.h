// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/decompose/scene/camera_path.h"
#include "engine/formats/array.h"

#include <memory>

namespace strata {

struct DepthAlignerOptions {
    int workSide = 320;    // scale and shift are found on depth reduced to this longer side
    int memoryFrames = 30; // frames that the background's reference depth averages over
    /// Share of the previous depth kept where the background did not change; 0 = off.
    float smoothing = 0.6f;
};

/// Gives per-frame inverse depth, each of unknown scale and shift, one scale for the whole clip: a
/// robust line is fitted from each frame's background to the background of the frames before it,
/// carried along by the camera. Output: uint16 inverse depth, larger = nearer, one fixed mapping
/// per clip that leaves room around the first frame's range. Sequential.
class DepthAligner {
public:
    explicit DepthAligner(Size frame, DepthAlignerOptions options = {});
    DepthAligner(DepthAligner&&) noexcept;
    DepthAligner& operator=(DepthAligner&&) noexcept;
    ~DepthAligner();

    /// The next frame. inverseDepth [H, W, 1], larger = nearer; `moving` [H, W, 1] above 127 where
    /// people are, or empty; `step` the camera's step to this frame. Returns [H, W, 1].
    Result<ImageU16> add(const ImageF& inverseDepth, const ImageU8& moving, const CameraStep& step);

    /// Scale and shift that brought the last frame's depth into the clip's range.
    float lastScale() const;
    float lastShift() const;

    ArrayMap saveState() const;
    /// Goes on exactly where the saved aligner was. On an error this object stays as it was.
    Status restoreState(const ArrayMap& state);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
