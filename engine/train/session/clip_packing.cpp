// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/clip_packing.h"

#include "engine/nn/guard.h"
#include "engine/train/trainer/packed_clips.h"
#include "engine/train/trainer/picture_tensors.h"
#include "engine/train/trainer/rendered_source.h"

namespace strata {
namespace {

Status checkPiece(const ClipPiece& piece) {
    const auto count = piece.frames.size();
    bool complete = count > 0;
    for (const auto* pictures : {&piece.scene, &piece.occluder, &piece.sketch, &piece.alpha})
        complete = complete && pictures->size() == count;
    if (complete && piece.vertices.size() == count && piece.cameras.size() == count &&
        !piece.vertices[0].empty() && piece.identity.count() > 0 && piece.posed.count() > 0)
        return ok();
    return Error{ErrorCode::BadFormat, "A piece of a clip lacks pictures, cameras or the body."};
}

torch::Tensor stacked(const std::vector<ImageU8>& pictures) {
    std::vector<torch::Tensor> out;
    for (const auto& picture : pictures)
        out.push_back(bytesOf(picture));
    return torch::stack(out);
}

} // namespace

Status packRenderedClip(const RenderedClip& clip, const BodyModel& body,
                        const std::filesystem::path& file) {
    STRATA_ASSIGN(const TrainingClip packed, trainingClip(clip, body));
    return writePackedClip(file, packed);
}

Status packClipPiece(const ClipPiece& piece, const std::filesystem::path& file) {
    STRATA_TRY(checkPiece(piece));
    return nn::guarded("Packing a clip", [&]() -> Status {
        TrainingClip clip;
        clip.frames = stacked(piece.frames);
        clip.scene = stacked(piece.scene);
        clip.occluder = stacked(piece.occluder);
        clip.sketch = stacked(piece.sketch);
        clip.alpha = stacked(piece.alpha).squeeze(3);
        clip.vertices = meshTensor(piece.vertices);
        clip.cameras = cameraTensor(piece.cameras);
        clip.identity = bytesOf(piece.identity);
        clip.posed = bytesOf(piece.posed);
        clip.opening = bytesOf(piece.frames[0]);
        return writePackedClip(file, clip);
    });
}

} // namespace strata
