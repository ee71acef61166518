// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layer_view.h"

#include <vector>

namespace strata {

/// What the background looks like over a stretch of the clip: the median colour of each pixel,
/// without the person, and how much it varies, seen from one frame.
class BackgroundLook {
public:
    explicit BackgroundLook(std::int64_t home)
        : m_home(home) {}
    std::int64_t home() const { return m_home; }

    /// `toView` maps pixels of the home frame to pixels of the view, both at work size.
    void add(const LayerView& view, const Homography& toView);
    /// Call once, after the last add.
    void finish();

    /// 255 where a pixel looks like the background, 128 where the background is not known, else 0.
    /// `toHome` maps pixels of the view to pixels of the home frame.
    cv::Mat explains(const LayerView& view, const Homography& toHome) const;

private:
    std::int64_t m_home;
    std::vector<cv::Mat> m_samples, m_valid;
    cv::Mat m_median; // 8-bit Lab
    cv::Mat m_spread; // 8-bit: how far samples are from the median; 255 = not known
};

} // namespace strata
