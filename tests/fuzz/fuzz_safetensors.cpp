// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/safetensors.h"
#include "tests/fuzz/fuzz_support.h"

STRATA_FUZZ(data, size) {
    using namespace strata;
    fuzz::check(parseSafetensors(fuzz::fileOf(data, size)));
    return 0;
}
