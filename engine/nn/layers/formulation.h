// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace strata::nn {

/// How the exact shortcuts of the generator are taken. Plain computes everything as published, with
/// LibTorch's own operators for attention and convolutions multiplied out; Saved gives the same
/// numbers but for rounding: keys and values of the reference once, the cross-attention to a single
/// token as a constant, no reference for the unconditional rows, weights of attention only a tile
/// at a time, convolutions by minimal filtering.
enum class Formulation { Saved, Plain };

} // namespace strata::nn
