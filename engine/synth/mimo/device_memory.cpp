// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/synth/mimo/device_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>

// The first header exists only where LibTorch was built for CUDA.
#if __has_include(<c10/cuda/impl/cuda_cmake_macros.h>) && __has_include(<cuda_runtime_api.h>)
#define STRATA_ASKS_CUDA 1
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#else
#define STRATA_ASKS_CUDA 0
#endif

namespace strata {
namespace {

constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();

/// A number of bytes that is all there is in a file.
std::int64_t numberIn(const char* file) {
    std::int64_t value = 0;
    return std::ifstream(file) >> value && value >= 0 ? value : kUnknown;
}

std::int64_t freeHostMemory() {
    std::int64_t available = kUnknown;
    std::ifstream info("/proc/meminfo");
    for (std::string name, unit; info >> name;) {
        std::int64_t kib = 0;
        if (!(info >> kib))
            break;
        std::getline(info, unit);
        if (name == "MemAvailable:")
            available = kib * 1024;
    }
    const std::int64_t limit = numberIn("/sys/fs/cgroup/memory.max");
    const std::int64_t used = numberIn("/sys/fs/cgroup/memory.current");
    if (limit != kUnknown && used != kUnknown)
        available = std::min(available, std::max<std::int64_t>(0, limit - used));
    return available;
}

} // namespace

std::int64_t freeMemory(const std::string& device) {
    if (device.empty() || device == "cpu")
        return freeHostMemory();
#if STRATA_ASKS_CUDA
    try {
        const c10::cuda::CUDAGuard guard{torch::Device(device)};
        std::size_t free = 0, total = 0;
        if (cudaMemGetInfo(&free, &total) == cudaSuccess)
            return std::int64_t(free);
    } catch (const std::exception&) {
    }
#endif
    return kUnknown;
}

std::string gpuName() {
#if STRATA_ASKS_CUDA
    cudaDeviceProp properties{};
    if (torch::cuda::is_available() && cudaGetDeviceProperties(&properties, 0) == cudaSuccess)
        return properties.name;
#endif
    return {};
}

void releaseKeptMemory() {
#if STRATA_ASKS_CUDA
    if (torch::cuda::is_available())
        c10::cuda::CUDACachingAllocator::emptyCache();
#endif
}

} // namespace strata
