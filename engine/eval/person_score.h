// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/eval/picture_score.h"
#include "engine/eval/temporal_metrics.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace strata {

/// How far two pictures are apart for a network that was trained for something else. The pictures
/// are of one size, at least 32 pixels wide and high.
struct PictureDistance {
    std::string name;
    std::function<Result<double>(const ImageU8& a, const ImageU8& b)> between;
};

/// A clip with the truth about its person.
struct TrueClip {
    std::vector<ImageU8> frames; // [H, W, 3]
    std::vector<ImageU8> person; // [H, W, 1], as far as it is seen
    /// Of the person, from each frame to the next one; one less than there are frames.
    std::vector<PixelMotion> motion;
};

/// The smallest rectangle with all that is above 127, `margin` pixels larger and at least 32 wide
/// and high, as far as the picture goes; empty for an empty mask.
RectI boxOf(const ImageU8& mask, int margin = 4);

/// What a person in a clip looks like beside the true one, over many clips.
struct PersonFigures {
    std::int64_t frames = 0; // in which the person is seen
    double psnr = 0;         // inside the person's box, of the mean squared error of all frames
    double framePsnr = 0;    // mean of the frames' own there, as papers give it; at most 99 each
    double ssim = 0;         // inside the box
    double msSsim = 0;       // of the whole picture; 0 where it is too small for it
    double flicker = 0;      // levels, on the person; see flickerInside()
    double warping = 0;      // see warpingError()
    /// Means of the boxes' distances, in the order in which they were given.
    std::vector<double> distances;
};

/// How steady a person is, over many clips.
struct SteadinessScore {
    RunningMean flicker, warping;

    /// ShapeMismatch when frames are missing or have other sizes.
    Status add(std::span<const ImageU8> pictures, const TrueClip& truth);
    SteadinessScore& operator+=(const SteadinessScore& other);
};

class PersonScore {
public:
    /// The distances are taken of every `every`th frame.
    explicit PersonScore(std::vector<PictureDistance> distances = {}, int every = 4)
        : m_distances(std::move(distances))
        , m_every(every)
        , m_distance(m_distances.size()) {}

    /// ShapeMismatch when frames are missing or have other sizes.
    Status add(std::span<const ImageU8> pictures, const TrueClip& truth);
    /// Of other clips, with the same distances.
    PersonScore& operator+=(const PersonScore& other);
    PersonFigures figures() const;

private:
    Status addFrame(const ImageU8& picture, const TrueClip& truth, std::size_t index);

    std::vector<PictureDistance> m_distances;
    int m_every;
    PictureScore m_boxes;
    RunningMean m_multiScale;
    SteadinessScore m_steadiness;
    std::vector<RunningMean> m_distance; // of each of them
};

} // namespace strata
