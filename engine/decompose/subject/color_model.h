// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"

#include <vector>

#include <opencv2/core.hpp>

namespace strata {

/// Colours inside and outside a person as two histograms that follow the clip.
class ColorModel {
public:
    ColorModel();

    /// Learns from `rgb` (CV_8UC3): inside where `alpha` (CV_32F) is above 0.9, outside where below
    /// 0.1.
    void learn(const cv::Mat& rgb, const cv::Mat& alpha, float rate);
    /// Log odds of inside to outside for each pixel, CV_32F within -2..2; zeros before anything was
    /// learnt.
    cv::Mat logOdds(const cv::Mat& rgb) const;

    Array pack() const;
    Status unpack(const Array& array);

private:
    static constexpr int kSteps = 12; // per channel
    static constexpr int kBins = kSteps * kSteps * kSteps;
    std::vector<float> m_inside, m_outside; // each sums to 1, or is all zero
};

} // namespace strata
