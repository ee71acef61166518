// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/eval/picture_score.h"
#include "engine/eval/temporal_metrics.h"

#include <functional>
#include <span>
#include <vector>

namespace strata {

/// How far two pictures are apart for a network that was trained for something else.
using FeatureDistance = std::function<Result<double>(const ImageU8& a, const ImageU8& b)>;

/// A clip with the truth about its person.
struct TrueClip {
    std::vector<ImageU8> frames; // [H, W, 3]
    std::vector<ImageU8> person; // [H, W, 1], as far as it is seen
    /// Of the person, from each frame to the next one; one less than there are frames.
    std::vector<PixelMotion> motion;
};

/// The smallest rectangle with all that is above 127, `margin` pixels larger and at least 16 wide
/// and high, as far as the picture goes; empty for an empty mask.
RectI boxOf(const ImageU8& mask, int margin = 4);

/// What a person in a clip looks like beside the true one, over many clips.
struct PersonFigures {
    std::int64_t frames = 0; // in which the person is seen
    double psnr = 0;         // inside the person's box, of the mean squared error of all frames
    double ssim = 0;         // inside the box
    double msSsim = 0;       // of the whole picture; 0 where it is too small for it
    double features = 0;     // distance of the boxes' features; 0 where none were compared
    double flicker = 0;      // levels, on the person; see flickerInside()
    double warping = 0;      // see warpingError()
};

class PersonScore {
public:
    /// Of every `featuresEvery`th frame the features are compared, too.
    explicit PersonScore(FeatureDistance features = {}, int featuresEvery = 4)
        : m_features(std::move(features))
        , m_featuresEvery(featuresEvery) {}

    /// ShapeMismatch when frames are missing or have other sizes.
    Status add(std::span<const ImageU8> pictures, const TrueClip& truth);
    PersonFigures figures() const;

private:
    Status addFrame(const ImageU8& picture, const TrueClip& truth, std::size_t index);

    FeatureDistance m_features;
    int m_featuresEvery;
    PictureScore m_boxes;
    RunningMean m_multiScale, m_distance, m_flicker, m_warping;
};

} // namespace strata
