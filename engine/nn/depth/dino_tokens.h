// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/depth/dino_vit.h"

namespace strata::nn {

/// Blocks of ViT-S that dinoTokens() needs: those up to the third tap.
constexpr int64_t kDinoTokenBlocks = 9;

/// What DINOv2 makes of a picture: its tokens at the third of the four taps that the depth network
/// has, normalised as there and averaged over grid x grid equal parts of the picture, row by row.
/// picture: u8 [h, w, 3], seen as a square of 224 pixels, so that
/// grids of 1, 2, 4, 8 and 16 have equal parts -> [grid * grid, width] on the network's device.
torch::Tensor dinoTokens(DinoVit& network, const torch::Tensor& picture, int64_t grid);

/// The same of pictures [N, 3, h, w] in 0..1, with gradients to them, each seen as a square of
/// `side` pixels, a multiple of the network's patches -> [N, grid * grid, width].
torch::Tensor dinoFeatures(DinoVit& network, const torch::Tensor& pictures, int64_t side,
                           int64_t grid);

} // namespace strata::nn
