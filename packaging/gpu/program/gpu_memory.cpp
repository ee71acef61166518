// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "packaging/gpu/program/gpu_memory.h"

#include <fstream>

#ifdef STRATA_HAS_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#include <cuda_runtime_api.h>
#endif

namespace strata::gpu {
namespace {

#ifdef STRATA_HAS_CUDA
bool isGpu(const std::string& device) { return torch::Device(device).is_cuda(); }

c10::DeviceIndex indexOf(const std::string& device) {
    const torch::Device named(device);
    return named.has_index() ? named.index() : c10::DeviceIndex(0);
}
#endif

double hostPeak() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "VmHWM:") {
            double kib = 0;
            status >> kib;
            return kib * 1024;
        }
    return 0;
}

} // namespace

void resetPeakMemory([[maybe_unused]] const std::string& device) {
#ifdef STRATA_HAS_CUDA
    if (isGpu(device)) {
        c10::cuda::CUDACachingAllocator::emptyCache();
        c10::cuda::CUDACachingAllocator::resetPeakStats(indexOf(device));
    }
#endif
}

double peakMemory([[maybe_unused]] const std::string& device) {
#ifdef STRATA_HAS_CUDA
    if (isGpu(device)) // of all pools together, the first of the numbers
        return double(c10::cuda::CUDACachingAllocator::getDeviceStats(indexOf(device))
                          .allocated_bytes[0]
                          .peak);
#endif
    return hostPeak();
}

std::string deviceName([[maybe_unused]] const std::string& device) {
#ifdef STRATA_HAS_CUDA
    cudaDeviceProp properties{};
    if (isGpu(device) && cudaGetDeviceProperties(&properties, indexOf(device)) == cudaSuccess)
        return properties.name;
#endif
    return "";
}

} // namespace strata::gpu
