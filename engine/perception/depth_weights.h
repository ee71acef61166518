// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/formats/array.h"
#include "engine/nn/depth/depth_anything.h"

#include <string>
#include <vector>

namespace strata {

/// The network that these tensors belong to, filled with them. Strict: every parameter must be
/// there with its shape, and nothing may be left over but what the official files carry without
/// using it. Names are the official ones, or those of the Core ML package, where dots are
/// underscores, "model_" stands before and "_to_fp16" after. `file` names the source in messages.
Result<nn::DepthAnything> depthNetworkFrom(const ArrayMap& tensors, const std::string& file);

} // namespace strata
