// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/diffusion/refiner_objective.h"

#include "engine/nn/guard.h"
#include "engine/synth/diffusion/silhouette.h"
#include "engine/train/diffusion/structure_loss.h"

#include <algorithm>
#include <vector>

namespace strata {
namespace {

constexpr int kLeastBox = 16; // pixels a side

/// The box of a person [H, W]; empty when it is too small for anything to be recognised.
RectI boxOf(const torch::Tensor& person) {
    const auto there = (person > 127).to(torch::kUInt8).contiguous();
    ImageU8 mask(int(there.size(1)), int(there.size(0)), 1);
    std::copy_n(there.data_ptr<std::uint8_t>(), mask.count(), mask.data());
    const RectI box = boundingRect(mask);
    return std::min(box.width(), box.height()) < kLeastBox ? RectI{} : box;
}

/// Cosine distances [N] of what the features say about the persons' boxes, of one in `every`
/// pictures so many times; 0 of the others, and without a person.
torch::Tensor featureDistances(const torch::Tensor& drawn, const torch::Tensor& frames,
                               const torch::Tensor& persons, int every,
                               const PictureFeatures& features) {
    std::vector<torch::Tensor> out(std::size_t(drawn.size(0)), torch::zeros({}, drawn.options()));
    for (std::int64_t i = 0; i < drawn.size(0); i += every) {
        const RectI box = boxOf(persons[i]);
        if (box.empty())
            continue;
        const auto seen = [&](const torch::Tensor& pictures) {
            return features(pictures.narrow(0, i, 1)
                                .narrow(2, box.y0, box.height())
                                .narrow(3, box.x0, box.width()));
        };
        torch::Tensor wanted;
        {
            const torch::NoGradGuard noGrad;
            wanted = seen(frames);
        }
        out[std::size_t(i)] = every * (1 - torch::cosine_similarity(seen(drawn), wanted, 2).mean());
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
