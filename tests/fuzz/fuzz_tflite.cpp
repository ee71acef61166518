// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/tflite.h"
#include "tests/fuzz/fuzz_support.h"

STRATA_FUZZ(data, size) {
    using namespace strata;
    const auto model = parseTflite(fuzz::fileOf(data, size));
    if (!model)
        return 0;
    ArrayMap constants;
    for (std::size_t i = 0; i < model->tensors.size(); ++i)
        if (model->tensors[i].constant)
            constants[std::to_string(i)] = model->tensors[i].data;
    fuzz::check(constants);
    return 0;
}
