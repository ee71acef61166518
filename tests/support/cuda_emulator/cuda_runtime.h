// SPDX-License-Identifier: Apache-2.0
// Stands in for CUDA's header where .cu files are compiled as C++ to run their kernels on a CPU:
// the threads of a block one after the other, up to the next barrier each. Finds wrong indices and
// sums, not races.
#pragma once

#include <ucontext.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#define __global__
#define __device__
#define __host__
#define __shared__ static

struct dim3 {
    constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1)
        : x(x_)
        , y(y_)
        , z(z_) {}
    unsigned x, y, z;
};

struct CUstream_st;
using cudaStream_t = CUstream_st*;
enum cudaError_t { cudaSuccess = 0, cudaErrorInvalidConfiguration = 9 };
inline const char* cudaGetErrorString(cudaError_t) { return "invalid configuration argument"; }

struct cudaLaunchConfig_t {
    dim3 gridDim, blockDim;
    std::size_t dynamicSmemBytes;
    cudaStream_t stream;
};

inline dim3 threadIdx, blockIdx, blockDim, gridDim;

namespace cuda_emulator {

/// The threads of a block. Those of a kernel without barriers need no stack of their own, which the
/// first thread of a launch finds out.
class Block {
public:
    static Block& instance() {
        static Block block;
        return block;
    }

    template <typename Run>
    void run(unsigned threads, bool& barriers, const Run& body) {
        if (!barriers) {
            for (unsigned t = 0; t < threads; ++t) {
                threadIdx = dim3(t);
                body();
            }
            return;
        }
        m_contexts.resize(threads);
        while (m_stacks.size() < threads)
            m_stacks.push_back(std::make_unique<char[]>(kStack));
        m_done.assign(threads, false);
        m_body = [](const void* given) { (*static_cast<const Run*>(given))(); };
        m_given = &body;
        for (unsigned t = 0; t < threads; ++t) {
            getcontext(&m_contexts[t]);
            m_contexts[t].uc_stack.ss_sp = m_stacks[t].get();
            m_contexts[t].uc_stack.ss_size = kStack;
            m_contexts[t].uc_link = &m_scheduler;
            makecontext(
                &m_contexts[t], [] { instance().begin(); }, 0);
        }
        m_inside = true;
        m_met = false;
        for (bool left = true; left;) {
            left = false;
            for (m_now = 0; m_now < threads; ++m_now) {
                if (m_done[m_now])
                    continue;
                threadIdx = dim3(m_now);
                swapcontext(&m_scheduler, &m_contexts[m_now]);
                left |= !m_done[m_now];
            }
        }
        m_inside = false;
        barriers = m_met;
    }

    void barrier() {
        if (!m_inside) {
            std::fputs("a barrier that the first block did not come to\n", stderr);
            std::abort();
        }
        m_met = true;
        swapcontext(&m_contexts[m_now], &m_scheduler);
    }

private:
    static constexpr std::size_t kStack = 64 << 10;

    void begin() {
        m_body(m_given);
        m_done[m_now] = true;
    }

    std::vector<ucontext_t> m_contexts;
    std::vector<std::unique_ptr<char[]>> m_stacks;
    std::vector<bool> m_done;
    ucontext_t m_scheduler{};
    void (*m_body)(const void*) = nullptr;
    const void* m_given = nullptr;
    unsigned m_now = 0;
    bool m_inside = false, m_met = false;
};

} // namespace cuda_emulator

inline void __syncthreads() { cuda_emulator::Block::instance().barrier(); }

template <typename... P, typename... A>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(P...),
                               A&&... arguments) {
    const dim3 grid = config->gridDim, block = config->blockDim;
    if (block.x == 0 || block.x > 1024 || grid.x == 0 || grid.y == 0 || grid.y > 65535 ||
        grid.z != 1 || block.y != 1)
        return cudaErrorInvalidConfiguration;
    gridDim = grid;
    blockDim = block;
    bool barriers = true; // until the first block has shown that there are none
    for (unsigned y = 0; y < grid.y; ++y)
        for (unsigned x = 0; x < grid.x; ++x) {
            blockIdx = dim3(x, y);
            cuda_emulator::Block::instance().run(block.x, barriers,
                                                 [&] { kernel(P(arguments)...); });
        }
    return cudaSuccess;
}

inline cudaError_t cudaMemsetAsync(void* memory, int byte, std::size_t bytes, cudaStream_t) {
    std::memset(memory, byte, bytes);
    return cudaSuccess;
}

inline unsigned __float_as_uint(float x) { return std::bit_cast<unsigned>(x); }
inline int min(int a, int b) { return a < b ? a : b; }

template <typename T>
T atomicAdd(T* at, T value) {
    return std::exchange(*at, T(*at + value));
}
template <typename T>
T atomicMin(T* at, T value) {
    return std::exchange(*at, value < *at ? value : *at);
}
template <typename T>
T atomicMax(T* at, T value) {
    return std::exchange(*at, value > *at ? value : *at);
}
