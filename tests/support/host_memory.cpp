// SPDX-License-Identifier: Apache-2.0
#include "tests/support/device_memory.h"

#include <cstring>

namespace strata::test {

void* HostMemory::take(std::size_t bytes) {
    // Not zeroed, and not what a kernel would leave by chance.
    m_blocks.push_back(std::make_unique<std::byte[]>(bytes + 256));
    std::memset(m_blocks.back().get(), 0xA5, bytes + 256);
    auto at = reinterpret_cast<std::size_t>(m_blocks.back().get());
    return reinterpret_cast<void*>((at + 255) / 256 * 256);
}

bool HostMemory::write(void* to, const void* from, std::size_t bytes) {
    std::memcpy(to, from, bytes);
    return true;
}

bool HostMemory::read(void* to, const void* from, std::size_t bytes) {
    std::memcpy(to, from, bytes);
    return true;
}

} // namespace strata::test
