// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace strata {

/// Monocular relative depth by Depth Anything V2 on LibTorch. Accepts the mlmodelc folder of the lite models
/// (model.mil beside weight.bin), or the official .pth / .safetensors of Small, Base or Large.
class DepthEstimator {
public:
    static Result<DepthEstimator> load(const std::filesystem::path& modelFile);
    DepthEstimator(DepthEstimator&&) noexcept;
    DepthEstimator& operator=(DepthEstimator&&) noexcept;
    ~DepthEstimator();

    /// rgb [H, W, 3] -> inverse depth [H, W, 1] up to scale and shift; larger is nearer. `networkSide`: the shorter
    /// side inside the network, a multiple of 14.
    Result<ImageF> inverseDepth(const ImageU8& rgb, int networkSide = 392);

    /// What its image encoder (DINOv2) says about a picture: numbers for each of grid x grid parts,
    /// row by row [grid * grid, width].
    Result<std::vector<float>> tokens(const ImageU8& rgb, int grid);
    /// Writes what of that encoder the tokens need, in half precision, for trainings.
    Status writeEncoder(const std::filesystem::path& file) const;

private:
    struct Impl;
    explicit DepthEstimator(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
