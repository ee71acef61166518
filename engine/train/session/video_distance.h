// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace strata {

/// What a network that was trained for something else makes of a clip: numbers that are alike for
/// clips that look and move alike.
struct ClipFeatures {
    std::string name; // of the distance between sets of clips
    int leastFrames = 1;
    std::function<Result<std::vector<float>>(std::span<const ImageU8> frames)> of;
};

/// "FVD" (Unterthiner and others 2018): the logits of I3D, trained on Kinetics-400, of frames at
/// 224 x 224; from the weights published for PyTorch (rgb_imagenet.pt), in any container that the
/// program reads. BadFormat names the first tensor that the file lacks.
Result<ClipFeatures> videoFeatures(const std::filesystem::path& i3d, const std::string& device);

/// Fréchet distance of the normal distributions with the means and covariances of two sets:
/// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^1/2). NothingToDo with fewer than two clips in a set,
/// ShapeMismatch when they have other numbers.
Result<double> frechetDistance(std::span<const std::vector<float>> a,
                               std::span<const std::vector<float>> b);

} // namespace strata
