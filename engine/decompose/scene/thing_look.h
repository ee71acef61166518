// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/thing.h"

#include <vector>

namespace strata {

/// The colours that tell a thing from what is round it. Motion blurs marks on a thing and turning
/// moves them; its colours stay.
class ThingLook {
public:
    ThingLook();

    /// `lab` is the picture that the thing was seen in.
    void learn(const Thing& thing, const cv::Mat& lab);

    /// How much more like the thing than like its surroundings every pixel is: float, 0..1.
    cv::Mat likeness(const cv::Mat& lab) const;

private:
    std::vector<float> m_thing,
        m_round; // shares of the pixels per colour, summed over what was learnt
};

/// How well `shape` (255 inside) fits with its middle at each pixel of `likeness`: the likeness
/// inside less that of a rim round it. 1 for a thing that stands clear.
cv::Mat fitOf(const cv::Mat& shape, const cv::Mat& likeness);

} // namespace strata
