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
    /// Only where the frame shows background (255): the frame itself is not read.
    Result<cv::Mat> readShown(std::int64_t index) const;
    cv::Size size() const { return m_size; }

private:
    struct Masks {
        cv::Mat shown, removal;
    };
    Result<Masks> readMasks(std::int64_t index) const;

    const PlateInputs& m_inputs;
    cv::Size m_size;
    float m_margin;  // pixels
    float m_feather; // pixels
};

} // namespace strata
