// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "tests/unit/train/made_up_clips.h"

#include <algorithm>

namespace strata::test {

TrainingBody squareBody() {
    return {{-.5f, -.5f, 0.f, .5f, -.5f, 0.f, .5f, .5f, 0.f, -.5f, .5f, 0.f},
            {0, 1, 2, 0, 2, 3, 0, 2, 1, 0, 3, 2},
            {.5f, .5f, 0.f, 0.f, 0.f, 0.f, .5f, .5f}, // joints in the middle of two sides
            {-1, 0},
            {0, 0, 1, 1}};
}

Result<TrainingClip> MadeUpClips::clip(std::uint64_t seed, std::uint64_t index, int frames) {
    auto generator =
        at::detail::createCPUGenerator(mixed(seed, different > 0 ? index % different : index));
    const auto blocks = [&](std::int64_t count) { // smooth enough for a coder to learn
        return torch::randint(0, 256, {count, m_side / 8, m_side / 8, 3}, generator,
                              torch::TensorOptions(torch::kUInt8))
            .repeat_interleave(8, 1)
            .repeat_interleave(8, 2);
    };
    TrainingClip out;
    out.scene = blocks(1).repeat({frames, 1, 1, 1});
    out.occluder = torch::zeros_like(out.scene);
    out.sketch = torch::full_like(out.scene, 90);
    out.frames = out.scene.clone();
    const auto rest = torch::tensor(squareBody().rest).view({4, 3});
    const auto way = torch::rand({2}, generator);
    std::vector<torch::Tensor> vertices;
    for (int i = 0; i < frames; ++i) {
        const auto shift = torch::stack({way[0] - .5 + .1 * i, way[1] - .5, torch::tensor(2.f)});
        vertices.push_back(rest + shift);
        out.frames[i].narrow(1, 2 + i % 4, 6).fill_(200);
    }
    out.vertices = torch::stack(vertices);
    const auto side = float(m_side);
    out.cameras = torch::tensor({side, side, side / 2, side / 2}).repeat({frames, 1});
    out.alpha = torch::zeros({frames, m_side, m_side}, torch::kUInt8);
    out.identity = blocks(1)[0];
    out.posed = blocks(1)[0];
    out.opening = out.frames[0].clone();
    return out;
}

TrainingConfig tinyTraining() {
    TrainingConfig config = *TrainingConfig::named("tiny");
    config.steps = 6;
    config.rate = 1e-3;
    config.epsilon = 1e-4; // gradients that are nothing but rounding must not move anything
    config.diffusion.dropIdentity = 0.3;
    config.bucketMegabytes = 0.02; // a few of them
    return config;
}

std::string firstDifference(const FlatParameters& a, const FlatParameters& b) {
    const auto left = a.state(), right = b.state();
    if (left.size() != right.size())
        return "the number of tensors";
    for (std::size_t i = 0; i < left.size(); ++i)
        if (left[i].first != right[i].first || !torch::equal(left[i].second, right[i].second))
            return left[i].first;
    return {};
}

double largestDifference(const FlatParameters& a, const FlatParameters& b) {
    double most = 0;
    for (std::size_t i = 0; i < a.parameters().size(); ++i)
        most = std::max(
            most, (a.parameters()[i].second - b.parameters()[i].second).abs().max().item<double>());
    return most;
}

} // namespace strata::test
