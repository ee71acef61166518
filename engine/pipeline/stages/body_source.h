// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/core/frame_source.h"
#include "engine/raster/rasterizer.h"

#include <memory>

namespace strata {

/// Draws the fitted body into the clip's frames when asked; keeps the last frame. The sources it
/// hands out share it, so that asking both for one frame draws it once. Model and motion must
/// outlive it, it must outlive the sources.
class BodyRenderer {
public:
    BodyRenderer(const BodyModel& model, const Motion& motion, Size frame);
    ~BodyRenderer();

    /// Faces, barycentrics and depth of the body in a frame; empty background when nobody is seen
    /// there.
    const RasterBuffers& frame(std::int64_t index);

    /// 255 where the body is expected, covered or not.
    std::unique_ptr<MaskSource> silhouette();
    /// 0 outside, else the joint that moves the nearest vertex most, plus 1.
    std::unique_ptr<MaskSource> parts();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
