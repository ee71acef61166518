// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/plate.h"
#include "engine/decompose/scene/view_alignment.h"

#include <opencv2/core.hpp>

namespace strata {

/// One frame as the plate sees it.
struct PlateFrame {
    ColorSource::Frame owner; // keeps the pixels of view.rgb alive
    SceneView view;           // valid where neither a person nor a thing in front is
    cv::Mat
        removal; // uint8, how much of the fill replaces the source: 255 on people, 0 away from them
};

/// Reads frames and masks and grows the masks by the margins of the options.
class SceneReader {
public:
    SceneReader(const PlateInputs& inputs, const PlateOptions& options);
    Result<PlateFrame> read(std::int64_t index) const;
    cv::Size size() const { return m_size; }

private:
    const PlateInputs& m_inputs;
    cv::Size m_size;
    float m_margin;  // pixels
    float m_feather; // pixels
};

} // namespace strata
