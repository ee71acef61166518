// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/job_context.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace strata {

using PictureWriter = std::function<Status(const std::filesystem::path&, const ImageU8&)>;

struct TrainSessionOptions {
    std::string config = "small"; // a name or a settings file
    std::vector<std::string> settings;
    std::string clips, assets;  // one of them
    std::filesystem::path body; // assets/body/strata_body.npz
    /// The image encoder that tells networks with tokens from outside about identities, as `strata
    /// train pack` wrote it. The picture coder's training needs none.
    std::filesystem::path encoder;
    PictureWriter writePicture; // of curves and sheets; without it there are none
    int side = 256;
    std::string out, from, device = "cpu";
    std::vector<std::string> begin; // "unet=FILE": see InitialFiles
};

struct TrainSessionResult {
    std::int64_t steps = 0;
    double loss = 0;      // mean of the last tenth
    bool first = true;    // of the processes that train together
    std::string networks; // the folder they were written to
};

/// Writes the averaged weights of a checkpoint as networks that `strata edit` can load, as the end
/// of a training does. `body` as above.
Status exportCheckpoint(const std::filesystem::path& checkpoint, const std::filesystem::path& body,
                        const std::filesystem::path& out);

/// Trains as the options and the environment (torchrun, srun) say, draws the curves and writes the
/// networks.
Result<TrainSessionResult> trainSession(const TrainSessionOptions& options, const JobContext& job);

} // namespace strata
