// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <filesystem>

namespace strata {

/// The checkpoint files of the generator's networks, in any container the program reads.
struct MimoFiles {
    std::filesystem::path vae, clip, pose, reference, denoiser;
    std::filesystem::path refiner; // of networks that have one
    std::filesystem::path motion;  // of the motion modules; empty when the denoiser's file has them
};

/// Finds them in a folder and the folders in it, by the names of the tensors they hold and not by
/// their own. The error names what is missing, what is there twice, or a file that cannot be read.
Result<MimoFiles> mimoFilesIn(const std::filesystem::path& folder);

} // namespace strata
