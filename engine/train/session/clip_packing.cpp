// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/clip_packing.h"

#include "engine/train/trainer/packed_clips.h"
#include "engine/train/trainer/rendered_source.h"

namespace strata {

Status packRenderedClip(const RenderedClip& clip, const BodyModel& body,
                        const std::filesystem::path& file) {
    STRATA_ASSIGN(const TrainingClip packed, trainingClip(clip, body));
    return writePackedClip(file, packed);
}

} // namespace strata
