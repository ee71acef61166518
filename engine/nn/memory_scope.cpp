// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/memory_scope.h"

#include <climits>
#include <mutex>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace strata::nn {
namespace {

std::mutex guard;
int scopes = 0;

#ifdef __GLIBC__
constexpr int kUsualMaps = 65536;     // glibc's own value
constexpr int kUsualTrim = 128 << 10; // bytes free at the top that go back
#endif

} // namespace

MemoryScope::MemoryScope() {
    const std::lock_guard lock(guard);
    if (scopes++ > 0)
        return;
#ifdef __GLIBC__
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

MemoryScope::~MemoryScope() {
    const std::lock_guard lock(guard);
    if (--scopes > 0)
        return;
#ifdef __GLIBC__
    mallopt(M_MMAP_MAX, kUsualMaps);
    mallopt(M_TRIM_THRESHOLD, kUsualTrim);
    malloc_trim(0);
#endif
}

} // namespace strata::nn
