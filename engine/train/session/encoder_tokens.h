// SPDX-License-Identifier: Apache-2.0
// For the sources of this folder.
#pragma once

#include "engine/train/trainer/training_step.h"

#include <filesystem>
#include <string>

namespace strata {

/// Tokens of a frozen DINOv2, whose file DepthEstimator::writeEncoder() wrote. `tokens`: how many
/// the networks take, the square of 1 to 16. Works on `device` whatever the training's precision.
Result<IdentityTokens> encoderTokens(const std::filesystem::path& file, std::int64_t tokens,
                                     const std::string& device);

/// What the same network sees in pictures of a quarter of that size, with gradients to them.
Result<PictureFeatures> encoderFeatures(const std::filesystem::path& file,
                                        const std::string& device);

} // namespace strata
