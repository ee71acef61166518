// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/nn/refiner/refiner.h"

#include <functional>

namespace strata {

struct RefinerTraining {
    // Of absolute differences and of structureLoss(), beside squared differences, whose weight
    // is 1.
    double absoluteWeight = 0;
    double structureWeight = 0;
    /// Of the cosine distance of features inside the persons' boxes, which one of `featureEvery`
    /// pictures is measured for (and counts so many times): the image encoder takes most of a step.
    double featureWeight = 0;
    int featureEvery = 4;
    int sampledSteps = 1; // in which what is to be refined is sampled
};

/// What a network sees in pictures [N, 3, h, w] of -1..1, with gradients to them -> [N, T, width].
using PictureFeatures = std::function<torch::Tensor(const torch::Tensor&)>;

/// All [N, 3, H, W] in -1..1, `change` in units of these (as RefinerImpl::forward has it), sides of
/// at least 8.
struct RefinerPictures {
    torch::Tensor frames, sketches, change, scenes;
    torch::Tensor persons; // [N, H, W] u8: the person, as far as it is seen; for features only
};

/// What one step of the refiner's training minimises: how far sketches with what is added to them
/// are from the frames. -> the loss of each picture [N]
Result<torch::Tensor> refinerLosses(nn::Refiner& refiner, const RefinerPictures& pictures,
                                    const RefinerTraining& training = {},
                                    const PictureFeatures& features = {});

} // namespace strata
