// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/npz.h"
#include "tests/fuzz/fuzz_support.h"

STRATA_FUZZ(data, size) {
    using namespace strata;
    const FileBytes file = fuzz::fileOf(data, size);
    fuzz::check(parseNpz(file, fuzz::kLimits));
    fuzz::check(parseNpyTree(file, fuzz::kLimits));
    return 0;
}
