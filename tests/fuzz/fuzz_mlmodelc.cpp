// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/mlmodelc.h"
#include "tests/fuzz/fuzz_support.h"

#include <algorithm>

/// The graph comes first, then a zero byte, then the weight file.
STRATA_FUZZ(data, size) {
    using namespace strata;
    const std::size_t graph = std::size_t(std::find(data, data + size, 0) - data);
    const std::size_t weights = std::min(graph + 1, size);
    fuzz::check(
        parseMlmodelc(fuzz::fileOf(data, graph), fuzz::fileOf(data + weights, size - weights)));
    return 0;
}
