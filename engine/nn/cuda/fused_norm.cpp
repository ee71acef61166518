// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/cuda/fused_norm.h"

#ifdef STRATA_HAS_CUDA
#include "engine/nn/cuda/group_norm_kernel.h"

#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <optional>
#endif

namespace strata::nn {
namespace {

thread_local bool plainNorms = false;

#ifdef STRATA_HAS_CUDA
std::optional<cuda::Number> numberOf(torch::ScalarType type) {
    switch (type) {
    case torch::kFloat32:
        return cuda::Number::Float;
    case torch::kHalf:
        return cuda::Number::Half;
    case torch::kBFloat16:
        return cuda::Number::BFloat16;
    default:
        return std::nullopt;
    }
}

bool alike(const torch::Tensor& x, const torch::Tensor& parameter) {
    return parameter.defined() && parameter.device() == x.device() &&
           parameter.scalar_type() == x.scalar_type() && parameter.is_contiguous();
}
#endif

} // namespace

#ifdef STRATA_HAS_CUDA
torch::Tensor fusedGroupNorm(const torch::Tensor& given, int64_t groups,
                             const torch::Tensor& weight, const torch::Tensor& bias, double epsilon,
                             bool silu) {
    const auto number = numberOf(given.scalar_type());
    if (plainNorms || !given.is_cuda() || given.dim() != 4 || given.numel() == 0 || !number ||
        at::GradMode::is_enabled() || !alike(given, weight) || !alike(given, bias))
        return {};
    cuda::GroupNormShape shape;
    shape.pictures = given.size(0);
    shape.channels = given.size(1);
    shape.pixels = given.size(2) * given.size(3);
    shape.groups = groups;
    shape.type = *number;
    shape.channelsLast = !given.is_contiguous();
    shape.silu = silu;
    shape.epsilon = float(epsilon);
    if (!cuda::groupNormFits(shape))
        return {};
    const c10::cuda::CUDAGuard guard(given.device());
    const auto x = shape.channelsLast ? given.contiguous(torch::MemoryFormat::ChannelsLast) : given;
    const auto out = torch::empty_like(x);
    const auto work =
        torch::empty({int64_t(cuda::groupNormWorkBytes(shape))}, x.options().dtype(torch::kUInt8));
    const char* error = cuda::groupNorm(
        shape, x.data_ptr(), weight.data_ptr(), bias.data_ptr(), out.data_ptr(), work.data_ptr(),
        c10::cuda::getCurrentCUDAStream(given.device().index()).stream());
    TORCH_CHECK(!error, "the norm's kernel: ", error);
    return out;
}
#else
torch::Tensor fusedGroupNorm(const torch::Tensor&, int64_t, const torch::Tensor&,
                             const torch::Tensor&, double, bool) {
    return {};
}
#endif

PlainNormScope::PlainNormScope(bool plain)
    : m_before(plainNorms) {
    plainNorms = plain;
}

PlainNormScope::~PlainNormScope() { plainNorms = m_before; }

} // namespace strata::nn
