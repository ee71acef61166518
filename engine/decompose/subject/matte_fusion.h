// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace strata {

/// What the sources say about a crop, all CV_32F of one size (empty = this source has nothing to
/// say).
struct MatteEvidence {
    cv::Mat network;    // MODNet's alpha, 0..1
    cv::Mat body;       // BlazePose's mask, 0..1
    cv::Mat prior;      // the matte of the frame before, carried along the flow, 0..1
    cv::Mat color;      // log odds of the person's colours
    cv::Mat difference; // from the plate, in levels
    cv::Mat known;      // weight of `difference`, 0..1
    cv::Mat nearness;   // log odds from depth
    float priorTrust = 1;
};

/// Log odds from inverse `depth` (CV_32F, larger = nearer): below zero where it is clearly behind
/// what `core` (CV_8U) marks as surely the person, zero elsewhere; empty when the core is too small
/// to say.
cv::Mat depthOdds(const cv::Mat& depth, const cv::Mat& core);

/// Log odds (CV_32F) that a pixel belongs to the person: those of the sources, added.
cv::Mat fuse(const MatteEvidence& evidence);

/// Keeps the parts of `probability` (above one half) that `seed` (CV_8U, non-zero = surely of the
/// person) touches or that are large and near; the rest is set to zero. Holes smaller than
/// `largestHole` pixels are filled.
void keepPerson(cv::Mat& probability, const cv::Mat& seed, int largestHole);

} // namespace strata
