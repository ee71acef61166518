// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/pickle.h"
#include "engine/formats/torch_zip.h"
#include "tests/fuzz/fuzz_support.h"

STRATA_FUZZ(data, size) {
    using namespace strata;
    const FileBytes file = fuzz::fileOf(data, size);
    if (const auto pickle = parsePickle(file))
        fuzz::check(flattenPickle(*pickle, "/", "input"));
    fuzz::check(parseTorch(file, {}, fuzz::kLimits));
    return 0;
}
