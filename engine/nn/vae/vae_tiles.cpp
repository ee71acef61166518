// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/vae/vae_tiles.h"

#include <algorithm>
#include <vector>

namespace strata::nn {
namespace {

// Along one side.
struct Tile {
    int64_t start, size; // in units
    torch::Tensor weight;
};

// Rises over the first `before` and falls over the last `after` pixels.
torch::Tensor ramp(int64_t size, int64_t before, int64_t after) {
    auto weight = torch::ones({size});
    auto* values = weight.data_ptr<float>();
    for (int64_t i = 0; i < before; ++i)
        values[i] = float(i + 1) / float(before + 1);
    for (int64_t i = 0; i < after; ++i)
        values[size - 1 - i] *= float(i + 1) / float(after + 1);
    return weight;
}

std::vector<Tile> tilesOf(int64_t length, int64_t side, int64_t scale) {
    if (length <= side)
        return {{0, length, torch::ones({length * scale})}};
    const int64_t step = std::max<int64_t>(1, side - side / 4);
    const int64_t last = (length - side + step - 1) / step;
    std::vector<Tile> tiles;
    for (int64_t i = 0; i <= last; ++i)
        tiles.push_back({i * (length - side) / last, side, {}});
    for (std::size_t i = 0; i < tiles.size(); ++i) {
        const auto shared = [&](std::size_t left) {
            return (tiles[left].start + side - tiles[left + 1].start) * scale;
        };
        tiles[i].weight =
            ramp(side * scale, i > 0 ? shared(i - 1) : 0, i + 1 < tiles.size() ? shared(i) : 0);
    }
    return tiles;
}

} // namespace

torch::Tensor inTiles(const torch::Tensor& x, const TileShape& s,
                      const std::function<torch::Tensor(torch::Tensor)>& run) {
    const auto rows = tilesOf(x.size(2) / s.in, s.side, s.out);
    const auto columns = tilesOf(x.size(3) / s.in, s.side, s.out);
    if (rows.size() * columns.size() == 1)
        return run(x);
    torch::Tensor sums, weights;
    for (const Tile& row : rows)
        for (const Tile& column : columns) {
            const auto part = run(x.narrow(2, row.start * s.in, row.size * s.in)
                                      .narrow(3, column.start * s.in, column.size * s.in));
            if (!sums.defined()) {
                const auto options = part.options().dtype(torch::kFloat32);
                const auto height = x.size(2) / s.in * s.out, width = x.size(3) / s.in * s.out;
                sums = torch::zeros({x.size(0), part.size(1), height, width}, options);
                weights = torch::zeros({height, width}, options);
            }
            const auto weight = (row.weight.unsqueeze(1) * column.weight).to(part.device());
            const auto at = [&](const torch::Tensor& whole, int64_t first) {
                return whole.narrow(first, row.start * s.out, row.size * s.out)
                    .narrow(first + 1, column.start * s.out, column.size * s.out);
            };
            at(sums, 2).add_(part.to(torch::kFloat32) * weight);
            at(weights, 0).add_(weight);
        }
    return sums.div_(weights).to(x.scalar_type());
}

} // namespace strata::nn
