// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layers.h"

#include <opencv2/core.hpp>

namespace strata {

/// One frame's inputs at the size the evidence is collected at.
struct LayerView {
    std::int64_t index = -1;
    cv::Mat rgb;    // 8-bit, 3 channels
    cv::Mat lab;    // 8-bit, 3 channels
    cv::Mat human;  // alpha, 8-bit
    cv::Mat body;   // 255 on the whole expected body, covered parts too
    cv::Mat parts;  // nearest part of the body for every pixel, 1.. ; 0 everywhere without a body
    cv::Mat others; // alpha of other people, 8-bit
    cv::Mat depth;  // float, 0..1 of the 16 bits, or empty
    cv::Mat ahead;  // float, or empty: see aheadOfPerson
    bool partsAreBands = false; // parts are only bands of the body height
    /// Whether the person lies where the fitted body is. A headstand, say, is sometimes fitted as
    /// somebody standing: then the parts say nothing of how the person looks.
    bool bodyFits = true;
    cv::Mat zone;               // 255 in the neighbourhood of the body
    cv::Rect box;               // of the body; empty when nobody is there
};

constexpr int mostParts = 64;

/// Reads one frame of every input. Without a map of body parts, bands of the body's height stand in
/// for it.
Result<LayerView> readLayerView(const LayerInputs& inputs, std::int64_t index, Size work);

} // namespace strata
