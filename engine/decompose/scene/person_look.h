// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layer_view.h"

#include <vector>

namespace strata {

/// The colours that each part of a person shows most of the time. A colour that is missing
/// in a third of the frames (that of a ball passing by) does not belong to the person.
class PersonLook {
public:
    /// Pixels where `except` is set (a thing in front, found earlier) are left out; it may be
    /// empty.
    void add(const LayerView& view, const cv::Mat& except);
    /// Call once, after the last add.
    void finish();
    bool empty() const { return m_samples.empty() && m_usual.empty(); }

    /// 255 where a pixel's colour is usual for the part of the body that is there or nearest.
    /// What is ahead of the person in depth must have a colour that is common there, not only one
    /// that occurs.
    cv::Mat explains(const LayerView& view) const;

    /// Share of the pixels in `mask` whose colour is common on some part of the person: a shin in
    /// jeans that was hidden most of the time looks as the other leg does.
    double likeSomePart(const LayerView& view, const cv::Mat& mask) const;

private:
    bool has(int part, int bin, float share) const;
    bool usual(const LayerView& view, cv::Point at) const;

    struct Sample {
        int part = 0;
        std::vector<float> shares;
    };
    std::vector<Sample> m_samples;
    std::vector<std::vector<float>> m_usual; // per part; empty where the part was never seen
    std::vector<bool> m_common;              // per bin: common on some part
};

} // namespace strata
