// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/homography.h"

#include <opencv2/core.hpp>

namespace strata {

/// A picture of the background: RGB and where it shows background (255).
struct SceneView {
    cv::Mat rgb;
    cv::Mat valid;
};

/// Brings one picture of a scene to where another one was taken from.
class ViewAligner {
public:
    /// `target` is what the others are brought to; `region` the part of it that is wanted. Both
    /// stay as they are while the aligner lives.
    ViewAligner(const SceneView& target, cv::Rect region);

    /// `source` seen from the target, the region only. `toSource` maps target pixels to source
    /// pixels. When it is not the identity, what it leaves over (parallax, a lens) is corrected by
    /// a smooth flow found where both views show background. Colours follow the target's slowly
    /// varying light.
    SceneView aligned(const SceneView& source, const Homography& toSource) const;

private:
    cv::Mat flowTo(const cv::Mat& warped, const cv::Mat& both) const;
    void matchLight(SceneView& view) const;

    cv::Rect m_region;
    cv::Mat m_rgb;
    cv::Mat m_valid;
    cv::Mat m_gray; // half size, for the flow
};

} // namespace strata
