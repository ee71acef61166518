// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

namespace strata::test {

/// Counts the memory of LibTorch's tensors on the CPU, and refuses more than a limit as a machine
/// that has no more. In its place from the first use to the end of the program.
class LimitedMemory final : public c10::Allocator {
public:
    enum class Refusal { BadAlloc, TorchError };

    static LimitedMemory& instance() {
        static LimitedMemory memory;
        return memory;
    }

    std::int64_t live() const { return m_live; }
    std::int64_t peak() const { return m_peak; }
    void forgetPeak() { m_peak = m_live.load(); }
    /// Bytes that may be alive at the same time.
    void limit(std::int64_t bytes, Refusal refusal = Refusal::BadAlloc) {
        m_limit = bytes;
        m_refusal = refusal;
    }
    void unlimited() { m_limit = kNone; }
    int refused() const { return m_refused; }

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
    c10::DataPtr allocate(std::size_t size) override { return take(size); }
    void copy_data(void* to, const void* from, std::size_t count) const override {
        default_copy_data(to, from, count);
    }
#else
    c10::DataPtr allocate(std::size_t size) const override { return take(size); }
#endif

    c10::DeleterFnPtr raw_deleter() const override { return &give; }

private:
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
    static constexpr std::size_t kAlignment = 64; // and room for the size in front

    LimitedMemory() { c10::SetAllocator(torch::kCPU, this, 255); }

    c10::DataPtr take(std::size_t size) const {
        const auto now = m_live += std::int64_t(size);
        if (now > m_limit) {
            m_live -= std::int64_t(size);
            ++m_refused;
            if (m_refusal == Refusal::BadAlloc)
                throw std::bad_alloc();
            TORCH_CHECK(false, "DefaultCPUAllocator: can't allocate memory: you tried to allocate ",
                        size, " bytes.");
        }
        m_peak = std::max<std::int64_t>(m_peak, now);
        void* whole = nullptr;
        if (posix_memalign(&whole, kAlignment, size + kAlignment) != 0)
            throw std::bad_alloc();
        *static_cast<std::size_t*>(whole) = size;
        void* data = static_cast<char*>(whole) + kAlignment;
        return {data, data, &give, torch::kCPU};
    }
    static void give(void* data) {
        if (!data)
            return;
        void* whole = static_cast<char*>(data) - kAlignment;
        instance().m_live -= std::int64_t(*static_cast<std::size_t*>(whole));
        std::free(whole);
    }

    mutable std::atomic<std::int64_t> m_live = 0, m_peak = 0;
    mutable std::atomic<int> m_refused = 0;
    std::int64_t m_limit = kNone;
    Refusal m_refusal = Refusal::BadAlloc;
};

} // namespace strata::test
