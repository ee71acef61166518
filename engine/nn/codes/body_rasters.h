// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/rasterizer.h"

#include <torch/types.h>

#include <memory>
#include <span>
#include <vector>

namespace strata::nn {

/// What some frames show of a mesh: which face at each sample, and where on it. Made once for a
/// clip and drawn with any values on the vertices, as often as a training needs.
class BodyRasters {
public:
    /// vertices: [N, V, 3] in the frames of the N cameras, whose pictures are of one size; faces:
    /// [F, 3], indices of vertices. A pixel is the mean of its samplesPerSide^2 samples.
    BodyRasters(const torch::Tensor& vertices, std::span<const std::uint32_t> faces,
                std::span<const RasterCamera> cameras, int samplesPerSide = 2);

    std::int64_t frames() const { return std::int64_t(m_rasters.size()); }
    std::int64_t vertices() const { return m_vertices; }
    int width() const { return m_width; }
    int height() const { return m_height; }

    /// codes: [V, C] float on the CPU -> [N, H, W, C]; 0 where nothing is seen.
    torch::Tensor draw(const torch::Tensor& codes) const;
    /// The gradient of draw(): gradPictures [N, H, W, C] -> [V, C]. The same on any number of
    /// threads.
    torch::Tensor drawBackward(const torch::Tensor& gradPictures) const;

private:
    std::vector<RasterBuffers> m_rasters;
    std::vector<std::uint32_t> m_faces;
    std::int64_t m_vertices = 0;
    int m_width = 0, m_height = 0, m_samples = 2;
};

/// Pictures of per-vertex codes as renderMotionCode() draws them, with gradients to the codes.
/// codes: [V, C] of any float type on any device -> [N, C, H, W] of the same.
torch::Tensor drawCodes(const torch::Tensor& codes,
                        const std::shared_ptr<const BodyRasters>& rasters);

} // namespace strata::nn
