// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/train/data/training_assets.h"

#include <functional>

namespace strata {

/// How pictures are read; the caller has the decoders.
struct PictureReaders {
    /// RGBA as stored, or RGBA with 255 where there is no alpha.
    std::function<Result<ImageU8>(const std::filesystem::path&)> picture;
    /// One channel, values as stored.
    std::function<Result<ImageU8>(const std::filesystem::path&)> labels;
    /// `count` RGB frames spread over a clip.
    std::function<Result<std::vector<ImageU8>>(const std::filesystem::path&, int count)> frames;
    /// Shrunk by area averages; any number of channels.
    std::function<ImageU8(const ImageU8&, Size)> shrunk;
};

struct GatheringLimits {
    int patches = 700;
    int patchSide = 64;   // texels
    int placeWidth = 448; // texels
    int framesOfClip = 5;
};

/// Makes the assets from the folders body/makehuman, people, scenes and motion of `data`. What is
/// not there is left out, but there must be suits, shoes, hair and motions.
Result<TrainingAssets> gatherAssets(const std::filesystem::path& data,
                                    const std::filesystem::path& body,
                                    const PictureReaders& readers, const GatheringLimits& limits,
                                    const JobContext& job);

} // namespace strata
