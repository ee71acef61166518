// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/decompose/scene/camera_path.h"
#include "engine/formats/array.h"

#include <memory>

namespace strata {

struct CameraTrackerOptions {
    int workSide = 800;  // frames are tracked with their longer side reduced to this
    int maxPoints = 600; // background points followed at once
    /// Pixels at work size: a camera that moves less than this stands still.
    double staticShift = 0.35;
};

/// Follows the background through a clip. Each frame is registered with the previous one and with a
/// key frame that stays the same for as long as enough of it is in view, so that errors do not add
/// up frame by frame. Sequential.
class CameraTracker {
public:
    explicit CameraTracker(Size frame, CameraTrackerOptions options = {});
    CameraTracker(CameraTracker&&) noexcept;
    CameraTracker& operator=(CameraTracker&&) noexcept;
    ~CameraTracker();

    /// The next frame. rgb [H, W, 3]; `moving` [H, W, 1], above 127 where people or other moving
    /// things are (never tracked), or empty. The first frame gives identity with confidence 1.
    Result<CameraStep> add(const ImageU8& rgb, const ImageU8& moving);

    ArrayMap saveState() const;
    /// Goes on exactly where the saved tracker was. On an error this object stays as it was.
    Status restoreState(const ArrayMap& state);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
