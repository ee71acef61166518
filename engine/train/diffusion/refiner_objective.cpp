// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/diffusion/refiner_objective.h"

#include "engine/nn/guard.h"
#include "engine/train/diffusion/structure_loss.h"

#include <utility>
#include <vector>

namespace strata {
namespace {

constexpr std::int64_t kLeastBox = 16; // pixels a side; of less nothing can be recognised

/// First and last row (or column) that the person [H, W] is in.
std::pair<std::int64_t, std::int64_t> extent(const torch::Tensor& person, std::int64_t across) {
    const auto there = (person > 127).any(across).nonzero();
    if (there.numel() == 0)
        return {0, -1};
    return {there[0].item<std::int64_t>(), there[-1].item<std::int64_t>()};
}

/// Cosine distances [N] of what the features say about the persons' boxes, of one in `every`
/// pictures so many times; 0 of the others, and without a person.
torch::Tensor featureDistances(const torch::Tensor& drawn, const torch::Tensor& frames,
                               const torch::Tensor& persons, int every,
                               const PictureFeatures& features) {
    std::vector<torch::Tensor> out;
    for (std::int64_t i = 0; i < drawn.size(0); ++i) {
        if (i % every != 0) {
            out.push_back(torch::zeros({}, drawn.options()));
            continue;
        }
        const auto [top, bottom] = extent(persons[i], 1);
        const auto [left, right] = extent(persons[i], 0);
        const auto height = bottom - top + 1, width = right - left + 1;
        if (std::min(height, width) < kLeastBox) {
            out.push_back(torch::zeros({}, drawn.options()));
            continue;
        }
        const auto box = [&, top = top, left = left](const torch::Tensor& pictures) {
            return features(pictures.narrow(0, i, 1).narrow(2, top, height).narrow(3, left, width));
        };
        torch::Tensor wanted;
        {
            const torch::NoGradGuard noGrad;
            wanted = box(frames);
        }
        out.push_back(every * (1 - torch::cosine_similarity(box(drawn), wanted, 2).mean()));
    }
    return torch::stack(out);
}

} // namespace

Result<torch::Tensor> refinerLosses(nn::Refiner& refiner, const RefinerPictures& given,
                                    const RefinerTraining& training,
                                    const PictureFeatures& features) {
    const auto& frames = given.frames;
    if (frames.dim() != 4 || frames.sizes() != given.sketches.sizes() || frames.size(2) < 8 ||
        frames.size(3) < 8)
        return Error{ErrorCode::ShapeMismatch,
                     "The refiner learns from frames and sketches of one size."};
    if (training.featureWeight > 0 && (!features || !given.persons.defined()))
        return Error{ErrorCode::Usage, "The refiner's features need an image encoder, and clips "
                                       "that say where the person is."};
    return nn::guarded("Training the refiner", [&]() -> Result<torch::Tensor> {
        const auto drawn =
            given.sketches + refiner->forward(given.sketches, given.change, given.scenes);
        const auto difference = (drawn - frames).to(torch::kFloat32);
        auto losses = difference.square().flatten(1).mean(1);
        if (training.absoluteWeight > 0)
            losses = losses + training.absoluteWeight * difference.abs().flatten(1).mean(1);
        if (training.structureWeight > 0)
            losses = losses + training.structureWeight * structureLoss(drawn, frames);
        if (training.featureWeight > 0)
            losses =
                losses + training.featureWeight *
                             featureDistances(drawn.to(torch::kFloat32), frames.to(torch::kFloat32),
                                              given.persons, training.featureEvery, features);
        return losses;
    });
}

} // namespace strata
