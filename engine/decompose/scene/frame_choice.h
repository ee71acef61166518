// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/parallax_model.h"

#include <opencv2/core.hpp>

#include <array>
#include <vector>

namespace strata {

/// How near the places round each cell of a small mask may be: a low, a middle and a high guess
/// from the points round it.
class NearnessGuess {
public:
    static constexpr std::size_t count = 3;

    NearnessGuess(const std::vector<cv::Point2f>& points, const ParallaxModel& model);

    std::array<float, count> at(cv::Point2f p) const;

private:
    struct Known {
        cv::Point2f at;
        float nearness;
    };
    std::vector<Known> m_known;
};

/// A frame that may be asked for what is hidden.
struct Candidate {
    std::size_t other;
    double worth;  // less for frames further away in time
    cv::Mat shows; // per cell, for how many guesses of nearness it is seen
};

/// Picks one frame after the other, each the one that adds most to what the others show.
/// `open` is the number of cells that are wanted.
std::vector<std::size_t> mostTelling(std::vector<Candidate> candidates, int open);

} // namespace strata
