// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layer_view.h"

#include <optional>
#include <vector>

namespace strata {

struct NearObjects {
    cv::Mat labels; // int32: 0 = no object, 1.. count; empty without depth
    int count = 0;
};

/// Span of the frame's inverse depths without the extreme 2 % at both ends.
double depthRange(const cv::Mat& depth);

/// The person's own inverse depth; nothing when too little of the person is in view.
std::optional<double> personDepth(const LayerView& view);

/// Whole things that are nearer than a person at this depth and rise above the ground, wherever
/// they are in the picture. None without depth.
NearObjects nearObjects(const LayerView& view, double person, const LayerOptions& options);

/// How far every pixel is above the ground in depth, as a share of the frame's depth range. Empty
/// without depth or without a ground.
cv::Mat aboveTheGround(const LayerView& view);

/// Those of the objects, whole, that cover the expected body or stand right at it: 255 there.
cv::Mat atTheBody(const NearObjects& objects, const LayerView& view);

/// Those of the objects, whole, that are also in `known`, a mask of the same view: 255 there.
cv::Mat alsoIn(const NearObjects& objects, const cv::Mat& known);

} // namespace strata
