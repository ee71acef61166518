// SPDX-License-Identifier: Apache-2.0
// For .cu files: starting kernels.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>

namespace strata::cuda {

/// Collects the first error of a row of calls.
class Launcher {
public:
    explicit Launcher(cudaStream_t stream)
        : m_stream(stream) {}

    template <typename... P, typename... A>
    void run(void (*kernel)(P...), dim3 grid, int threads, A... arguments) {
        if (m_error != cudaSuccess || grid.x == 0 || grid.y == 0 || grid.z == 0)
            return;
        cudaLaunchConfig_t config{};
        config.gridDim = grid;
        config.blockDim = dim3(unsigned(threads));
        config.stream = m_stream;
        m_error = cudaLaunchKernelEx(&config, kernel, P(arguments)...);
    }

    void clear(void* memory, int byte, std::size_t bytes) {
        if (m_error == cudaSuccess && bytes > 0)
            m_error = cudaMemsetAsync(memory, byte, bytes, m_stream);
    }

    /// Null when all is on its way, else what CUDA says.
    const char* result() const {
        return m_error == cudaSuccess ? nullptr : cudaGetErrorString(m_error);
    }

private:
    cudaStream_t m_stream;
    cudaError_t m_error = cudaSuccess;
};

/// Blocks for a loop over `count` items in which every thread takes one, or several of long loops.
inline dim3 blocksFor(std::int64_t count, int threads) {
    constexpr std::int64_t kMost = std::int64_t(1) << 20;
    return dim3(unsigned(std::min(kMost, (count + threads - 1) / threads)));
}

} // namespace strata::cuda
