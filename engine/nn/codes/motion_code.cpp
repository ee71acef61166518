// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/codes/motion_code.h"

#include "engine/raster/motion_code.h"

namespace strata::nn {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDarkest = 0.15, kBrightest = 0.95; // as in defaultMotionCode
// Waves over the height of the body: of the first random channel, and more for each further one.
constexpr double kFirstWave = 1.0, kMoreWaves = 0.4;

} // namespace

MotionCodeImpl::MotionCodeImpl(std::int64_t vertices, std::int64_t channels,
                               const torch::TensorOptions& options) {
    codes = register_parameter("codes", torch::empty({vertices, channels}, options));
}

void MotionCodeImpl::initialise(std::span<const float> restVertices, std::uint64_t seed) {
    TORCH_CHECK(std::int64_t(restVertices.size()) == 3 * codes.size(0), "the body has ",
                restVertices.size() / 3, " vertices and the codes are for ", codes.size(0));
    const torch::NoGradGuard noGrad;
    auto generator = at::detail::createCPUGenerator(seed);
    const auto options = torch::TensorOptions(torch::kFloat32);
    const auto box = torch::tensor(defaultMotionCode(restVertices), options).view({-1, 3});
    const std::vector<float> rest(restVertices.begin(), restVertices.end());
    const auto metres = torch::tensor(rest, options).view({-1, 3});
    const auto extent = std::get<0>(metres.max(0)) - std::get<0>(metres.min(0));
    const auto places = metres / extent[1].clamp_min(1e-6); // in heights of the body
    const auto values = torch::empty(codes.sizes(), options);
    for (std::int64_t c = 0; c < codes.size(1); ++c) {
        if (c < 3) {
            values.select(1, c).copy_(box.select(1, c));
            continue;
        }
        auto direction = torch::randn({3}, generator, options);
        direction = direction / direction.norm().clamp_min(1e-6);
        const double phase = 2 * kPi * torch::rand({1}, generator, options).item<double>();
        const double waves = kFirstWave + kMoreWaves * double(c - 3);
        const auto wave = torch::sin(places.matmul(direction) * (2 * kPi * waves) + phase);
        values.select(1, c).copy_(wave * ((kBrightest - kDarkest) / 2) +
                                  (kBrightest + kDarkest) / 2);
    }
    codes.copy_(values);
}

} // namespace strata::nn
