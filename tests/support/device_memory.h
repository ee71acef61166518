// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

struct CUstream_st;

namespace strata::test {

/// Memory that kernels work on: a GPU's, or the host's where kernels are run on the CPU.
class DeviceMemory {
public:
    virtual ~DeviceMemory() = default;
    /// Freed with this object; null when there is none left.
    virtual void* take(std::size_t bytes) = 0;
    virtual bool write(void* to, const void* from, std::size_t bytes) = 0;
    /// After all kernels have run.
    virtual bool read(void* to, const void* from, std::size_t bytes) = 0;
    virtual CUstream_st* stream() const { return nullptr; }

    template <typename T>
    T* upload(std::span<const T> values) {
        auto* at = static_cast<T*>(take(values.size_bytes() + 1));
        return at && write(at, values.data(), values.size_bytes()) ? at : nullptr;
    }
    template <typename T>
    std::vector<T> download(const T* at, std::size_t count) {
        std::vector<T> values(count);
        if (!read(values.data(), at, count * sizeof(T)))
            values.clear();
        return values;
    }
};

class HostMemory final : public DeviceMemory {
public:
    void* take(std::size_t bytes) override;
    bool write(void* to, const void* from, std::size_t bytes) override;
    bool read(void* to, const void* from, std::size_t bytes) override;

private:
    std::vector<std::unique_ptr<std::byte[]>> m_blocks;
};

} // namespace strata::test
