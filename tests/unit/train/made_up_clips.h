// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/trainer/trainer.h"

namespace strata::test {

/// A body of two triangles, seen from both sides.
TrainingBody squareBody();

/// Clips of pictures with random blocks, in which a square moves; each the same for the same
/// number.
class MadeUpClips final : public TrainingSource {
public:
    explicit MadeUpClips(int side = 16)
        : m_side(side) {}
    Result<TrainingClip> clip(std::uint64_t seed, std::uint64_t index, int frames) override;
    bool repeats() const override { return different > 0; }

    std::uint64_t different = 0; // after so many the first comes again; 0: never

private:
    int m_side;
};

/// The tiny training with settings whose results say something after a few steps.
TrainingConfig tinyTraining();

/// Whether every tensor of two trainings' states has the same bits; the name of the first one that
/// differs, or "".
std::string firstDifference(const FlatParameters& a, const FlatParameters& b);
/// The largest difference of learnt values.
double largestDifference(const FlatParameters& a, const FlatParameters& b);

} // namespace strata::test
