// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/rendered_clip.h"
#include "engine/train/trainer/training_networks.h"
#include "engine/train/trainer/training_source.h"

#include <memory>

namespace strata {

/// The body as the trainer takes it.
TrainingBody trainingBody(const BodyModel& body);

/// Meshes of one size as f32 [F, V, 3], cameras as f32 [F, 4] fx, fy, cx, cy: copies.
torch::Tensor meshTensor(const std::vector<std::vector<glm::vec3>>& meshes);
torch::Tensor cameraTensor(const std::vector<Camera>& cameras);

/// The A-pose picture as networks are given it: of the size of the clip's frames.
ImageU8 identityPicture(const RenderedClip& clip);

/// A rendered clip, of this body, as the trainer takes it. Without sketches where the person is too
/// small for the mesh synthesiser.
Result<TrainingClip> trainingClip(const RenderedClip& clip, const BodyModel& body);
/// The same with sketches that meshDrawing() has made; none: without.
Result<TrainingClip> trainingClip(const RenderedClip& clip, const BodyModel& body,
                                  const std::vector<ImageU8>& sketches);

/// Clips that are drawn while the training runs, without end.
class RenderedClips final : public TrainingSource {
public:
    RenderedClips(std::shared_ptr<const TrainingAssets> assets, int side,
                  Split split = Split::Train)
        : m_assets(std::move(assets))
        , m_side(side)
        , m_split(split) {}

    Result<TrainingClip> clip(std::uint64_t seed, std::uint64_t index, int frames) override;

private:
    std::shared_ptr<const TrainingAssets> m_assets;
    int m_side;
    Split m_split;
};

} // namespace strata
