// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/initialise.h"

#include <algorithm>
#include <cmath>

namespace strata::nn {
namespace {

constexpr double kEmbedding = 0.02;

// Draws on the CPU, whose generator is the same everywhere.
void fillEven(const torch::Tensor& x, double bound, at::Generator& generator) {
    const auto values = at::rand(x.sizes(), generator, torch::TensorOptions(torch::kFloat32));
    x.copy_((values * 2 - 1) * bound);
}

bool isNorm(const std::string& name) { return name.find("norm") != std::string::npos; }

} // namespace

void initialise(torch::nn::Module& network, std::uint64_t seed,
                const std::vector<std::string>& zero) {
    const torch::NoGradGuard noGrad;
    auto generator = at::detail::createCPUGenerator(seed);
    std::string layer; // whose weight came last; its bias has the same bound
    double bound = 0;
    for (const auto& item : network.named_parameters()) {
        const auto& name = item.key();
        const auto& x = item.value();
        const auto owner = name.substr(0, name.rfind('.'));
        const bool weight = name.ends_with("weight");
        if (std::any_of(zero.begin(), zero.end(), [&name](const std::string& part) {
                return name.find(part) != std::string::npos;
            })) {
            x.zero_();
        } else if (name.ends_with("share")) {
            x.fill_(1);
        } else if (x.dim() == 1 && isNorm(name)) {
            x.fill_(weight ? 1 : 0);
        } else if (name.find("embedding") != std::string::npos &&
                   name.find("linear") == std::string::npos && x.dim() < 4) {
            fillEven(x, kEmbedding, generator);
        } else if (weight) {
            layer = owner;
            bound = 1 / std::sqrt(double(x.numel() / x.size(0)));
            fillEven(x, bound, generator);
        } else {
            fillEven(x, owner == layer ? bound : 0, generator);
        }
    }
}

} // namespace strata::nn
