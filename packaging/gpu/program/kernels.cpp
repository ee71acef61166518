// SPDX-License-Identifier: Apache-2.0
#include "packaging/gpu/program/report.h"

#ifdef STRATA_HAS_CUDA
#include "tests/support/kernel_cases.h"

#include <cuda_runtime_api.h>
#endif

namespace strata::gpu {

#ifdef STRATA_HAS_CUDA
namespace {

class CudaMemory final : public test::DeviceMemory {
public:
    ~CudaMemory() override {
        for (void* block : m_blocks)
            cudaFree(block);
    }
    void* take(std::size_t bytes) override {
        void* block = nullptr;
        if (cudaMalloc(&block, bytes + 256) != cudaSuccess)
            return nullptr;
        cudaMemset(block, 0xA5, bytes + 256); // what a kernel does not write shows
        m_blocks.push_back(block);
        return block;
    }
    bool write(void* to, const void* from, std::size_t bytes) override {
        return cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice) == cudaSuccess;
    }
    bool read(void* to, const void* from, std::size_t bytes) override {
        return cudaDeviceSynchronize() == cudaSuccess &&
               cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost) == cudaSuccess;
    }

private:
    std::vector<void*> m_blocks;
};

} // namespace

int checkKernels(const Arguments& arguments) {
    Report report(arguments.text("out", ""));
    int failed = 0, passed = 0;
    const auto show = [&](const std::string& group, const auto& results) {
        for (const test::KernelResult& result : results) {
            ++(result.good() ? passed : failed);
            report.write(Report::Line(group + ": " + result.name)
                             .add("good", result.good() ? "yes" : "NO")
                             .add("difference", result.worst)
                             .add("limit", result.limit)
                             .add("trouble", result.trouble));
        }
    };
    {
        CudaMemory memory;
        show("raster", test::rasterCases(memory, true, true));
    }
    CudaMemory memory;
    show("norm", test::groupNormCases(memory, true));
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
#else
int checkKernels(const Arguments&) {
    std::puts("This build knows no CUDA.");
    return 3;
}
#endif

} // namespace strata::gpu
