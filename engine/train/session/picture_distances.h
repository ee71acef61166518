// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/eval/person_score.h"

#include <filesystem>
#include <string>

namespace strata {

/// "DINOv2": cosine distance (0..2) of what it makes of two pictures, each seen as a square: the
/// mean over 16 tokens. `encoder` as `strata train pack --encoder` writes it.
Result<PictureDistance> encoderDistance(const std::filesystem::path& encoder,
                                        const std::string& device);

/// "LPIPS", version 0.1 on AlexNet, from torchvision's weights of AlexNet and from those published
/// with LPIPS; in any container that the program reads. BadFormat names the first tensor that a
/// file lacks.
Result<PictureDistance> perceptualDistance(const std::filesystem::path& alexNet,
                                           const std::filesystem::path& linear,
                                           const std::string& device);

} // namespace strata
