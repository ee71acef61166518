// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/winograd_convolution.h"

#include "engine/nn/layers/winograd_cost.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <atomic>

namespace strata::nn {
namespace {

ConvolutionShape shapeOf(const torch::Tensor& x, const torch::Tensor& w) {
    return {x.size(0), x.size(2), x.size(3), x.size(1), w.size(0)};
}

// Tasks go to whichever thread is free: there may be few of them, and other programs.
template <typename Run>
void inParallel(int64_t tasks, const Run& run) {
    std::atomic<int64_t> next{0};
    const int64_t threads = std::min<int64_t>(at::get_num_threads(), tasks);
    at::parallel_for(0, threads, 1, [&](int64_t from, int64_t to) {
        for (int64_t thread = from; thread < to; ++thread)
            for (int64_t task = next++; task < tasks; task = next++)
                run(task, thread);
    });
}

} // namespace

bool winogradApplies(const torch::Tensor& x, const torch::Tensor& w) {
    return x.is_cpu() && x.scalar_type() == torch::kFloat32 && w.scalar_type() == torch::kFloat32 &&
           !at::GradMode::is_enabled() && x.dim() == 4 && w.size(2) == 3 && w.size(3) == 3 &&
           w.size(1) == x.size(1) && winogradIsQuicker(shapeOf(x, w), cpuTarget());
}

torch::Tensor winogradConvolution(const torch::Tensor& x, const torch::Tensor& w,
                                  const torch::Tensor& bias, CpuTarget target) {
    const auto pictures = x.contiguous(torch::MemoryFormat::ChannelsLast);
    const auto weights = w.contiguous();
    const auto shift = bias.defined() ? bias.contiguous() : bias;
    const auto result = at::empty({x.size(0), w.size(0), x.size(2), x.size(3)}, x.options(),
                                  torch::MemoryFormat::ChannelsLast);
    WinogradWork work(shapeOf(x, w), target);
    work.pictures = pictures.data_ptr<float>();
    work.weights = weights.data_ptr<float>();
    work.bias = shift.defined() ? shift.data_ptr<float>() : nullptr;
    work.result = result.data_ptr<float>();
    const auto memory =
        at::empty({work.patchFloats() + at::get_num_threads() * work.scratchFloats()}, x.options());
    work.patches = memory.data_ptr<float>();
    float* const scratch = work.patches + work.patchFloats();
    for (const int64_t most = work.chunk; work.first < work.blocks(); work.first += most) {
        work.chunk = std::min(most, work.blocks() - work.first);
        inParallel(work.chunk, [&](int64_t block, int64_t) { transformBlock(work, block); });
        inParallel(work.tasks(), [&](int64_t task, int64_t thread) {
            multiplyTask(work, task, scratch + thread * work.scratchFloats());
        });
    }
    return result;
}

} // namespace strata::nn
