// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/types.h>

#include <functional>

namespace strata::nn {

/// Tiles of `side` units; a unit is `in` pixels of what is given and `out` pixels of the result.
struct TileShape {
    int64_t side = 0;
    int64_t in = 1, out = 1;
};

/// Applies `run` to overlapping tiles of x [N, C, H, W] and blends its results where they overlap,
/// by a quarter of a tile at least. A picture that is no larger than a tile is given as a whole.
torch::Tensor inTiles(const torch::Tensor& x, const TileShape& shape,
                      const std::function<torch::Tensor(torch::Tensor)>& run);

} // namespace strata::nn
