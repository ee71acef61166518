// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/diffusion/structure_loss.h"

#include <algorithm>
#include <vector>

namespace strata {
namespace {

constexpr int kScales = 3;
constexpr std::int64_t kWindow = 8, kStep = 4;
// (0.01 L)^2 and (0.03 L)^2 for values that span L = 2.
constexpr double kLight = 4e-4, kContrast = 3.6e-3;

torch::Tensor similarity(const torch::Tensor& a, const torch::Tensor& b) {
    const auto moments = torch::avg_pool2d(torch::cat({a, b, a * a, b * b, a * b}),
                                           {kWindow, kWindow}, {kStep, kStep})
                             .chunk(5);
    const auto &meanA = moments[0], &meanB = moments[1];
    const auto varianceA = moments[2] - meanA * meanA, varianceB = moments[3] - meanB * meanB;
    const auto covariance = moments[4] - meanA * meanB;
    const auto light = (2 * meanA * meanB + kLight) / (meanA * meanA + meanB * meanB + kLight);
    return (light * (2 * covariance + kContrast) / (varianceA + varianceB + kContrast)).mean();
}

} // namespace

torch::Tensor structureLoss(const torch::Tensor& a, const torch::Tensor& b) {
    TORCH_CHECK(a.dim() == 4 && a.sizes() == b.sizes() && a.size(2) >= kWindow &&
                    a.size(3) >= kWindow,
                "two batches of pictures of one size, at least 8 pixels wide, can be compared");
    auto x = a.to(torch::kFloat32).contiguous(), y = b.to(torch::kFloat32).contiguous();
    torch::Tensor sum;
    int scales = 0;
    while (true) {
        const auto one = similarity(x, y);
        sum = sum.defined() ? sum + one : one;
        if (++scales == kScales || std::min(x.size(2), x.size(3)) / 2 < kWindow)
            return 1 - sum / scales;
        x = torch::avg_pool2d(x, {2, 2});
        y = torch::avg_pool2d(y, {2, 2});
    }
}

} // namespace strata
