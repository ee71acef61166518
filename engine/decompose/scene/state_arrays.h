// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/formats/array.h"

#include <opencv2/core.hpp>

namespace strata {

// Matrices as arrays of a saved state, bit by bit. Depths: uint8, uint16 (kept as bytes) and
// float32.

/// An empty matrix becomes an array without elements.
Array packMat(const cv::Mat& matrix);
/// The matrix `name` of the given OpenCV type and size, or an empty one when `name` was empty as it
/// was saved.
Result<cv::Mat> unpackMat(const ArrayMap& state, const std::string& name, int type, cv::Size size);

Array packDoubles(const std::vector<double>& values);
/// Exactly `count` numbers.
Result<std::vector<double>> unpackDoubles(const ArrayMap& state, const std::string& name,
                                          std::int64_t count);

} // namespace strata
