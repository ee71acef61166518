// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/cuda/captured_call.h"

#ifdef STRATA_HAS_CUDA
#include "engine/nn/guard.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <optional>
#endif

namespace strata::nn {

#ifdef STRATA_HAS_CUDA
struct CapturedCall::Impl {
    std::vector<torch::Tensor> arguments; // of the recorded call, or shapes of the one before it
    torch::Tensor result;
    std::optional<at::cuda::CUDAGraph> graph;
    bool seen = false, failed = false;
    std::string trouble;

    bool fits(const std::vector<torch::Tensor>& given) const;
    void forget();
    void record(const std::vector<torch::Tensor>& given, const Function& function);
    void abandon(bool recording);
};

bool CapturedCall::Impl::fits(const std::vector<torch::Tensor>& given) const {
    if (!seen || given.size() != arguments.size())
        return false;
    for (std::size_t i = 0; i < given.size(); ++i)
        if (given[i].sizes() != arguments[i].sizes() || given[i].dtype() != arguments[i].dtype() ||
            given[i].device() != arguments[i].device())
            return false;
    return true;
}

void CapturedCall::Impl::forget() {
    graph.reset();
    result.reset();
    arguments.clear();
    seen = false;
}

// On a stream of its own, as recording demands.
void CapturedCall::Impl::record(const std::vector<torch::Tensor>& given, const Function& function) {
    for (std::size_t i = 0; i < given.size(); ++i)
        arguments[i] = given[i].clone();
    const auto device = given.front().device();
    const auto before = c10::cuda::getCurrentCUDAStream(device.index());
    const auto own = c10::cuda::getStreamFromPool(false, device.index());
    before.synchronize();
    graph.emplace();
    const c10::cuda::CUDAStreamGuard stream(own);
    bool recording = false;
    try {
        graph->capture_begin();
        recording = true;
        result = function(arguments);
        recording = false;
        graph->capture_end();
    } catch (const std::exception& e) {
        trouble = shortMessage(e);
        abandon(recording);
    } catch (...) { // left on purpose
        abandon(recording);
        throw;
    }
}

void CapturedCall::Impl::abandon(bool recording) {
    failed = true;
    try {
        if (recording)
            graph->capture_end();
    } catch (const std::exception&) { // the recording is void in any case
    }
    cudaGetLastError(); // forgets the failure
    forget();
}
#else
struct CapturedCall::Impl {
    std::string trouble;
};
#endif

CapturedCall::CapturedCall()
    : m_impl(std::make_unique<Impl>()) {}
CapturedCall::~CapturedCall() = default;
CapturedCall::CapturedCall(CapturedCall&&) noexcept = default;
CapturedCall& CapturedCall::operator=(CapturedCall&&) noexcept = default;

torch::Tensor CapturedCall::run(const std::vector<torch::Tensor>& arguments,
                                const Function& function) {
#ifdef STRATA_HAS_CUDA
    auto& call = *m_impl;
    if (call.failed || arguments.empty() || !arguments.front().is_cuda() ||
        at::GradMode::is_enabled())
        return function(arguments);
    const c10::cuda::CUDAGuard guard(arguments.front().device());
    if (!call.fits(arguments)) {
        call.forget();
        call.arguments = arguments;
        call.seen = true;
        return function(arguments); // libraries choose their kernels now
    }
    if (!call.graph) {
        call.record(arguments, function);
        if (!call.graph)
            return function(arguments);
    }
    for (std::size_t i = 0; i < arguments.size(); ++i)
        call.arguments[i].copy_(arguments[i]);
    call.graph->replay();
    return call.result;
#else
    return function(arguments);
#endif
}

void CapturedCall::forget() {
#ifdef STRATA_HAS_CUDA
    m_impl->forget();
#endif
}

bool CapturedCall::recorded() const {
#ifdef STRATA_HAS_CUDA
    return m_impl->graph.has_value();
#else
    return false;
#endif
}

const std::string& CapturedCall::trouble() const { return m_impl->trouble; }

} // namespace strata::nn
