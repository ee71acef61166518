// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace strata::nn {

/// While one exists, large blocks of memory that a network on the CPU frees stay with the process
/// for its next layer. Otherwise each goes back to the system and comes again a page fault per 4
/// KiB, which is a fifth of the time of a large network. The end of the last one gives everything
/// back. Does nothing where the C library is not glibc.
class MemoryScope {
public:
    MemoryScope();
    ~MemoryScope();
    MemoryScope(const MemoryScope&) = delete;
    MemoryScope& operator=(const MemoryScope&) = delete;
};

} // namespace strata::nn
