// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace strata {

/// The box `border` wider on all sides, as far as it lies in the picture.
inline cv::Rect withBorder(const cv::Rect& box, int border, cv::Size picture) {
    return cv::Rect(box.x - border, box.y - border, box.width + 2 * border,
                    box.height + 2 * border) &
           cv::Rect({0, 0}, picture);
}

} // namespace strata
