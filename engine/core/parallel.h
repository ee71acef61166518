// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

namespace strata {

/// Calls body(begin, end) on pieces of [begin, end) of about `grain` items, on all cores, and
/// returns when every piece is done. Pieces run in any order; nested calls run on the calling
/// thread. `body` must not throw.
void parallelFor(std::int64_t begin, std::int64_t end, std::int64_t grain,
                 const std::function<void(std::int64_t, std::int64_t)>& body);

/// Threads that parallelFor uses, the caller included.
int workerCount();

} // namespace strata
