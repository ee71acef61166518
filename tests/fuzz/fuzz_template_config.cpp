// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/template_config.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto config =
        strata::parseTemplateConfig({reinterpret_cast<const char*>(data), size}, "input");
    if (config && (config->fps < 1 || config->startIndex < 0 || config->endIndex < 0))
        std::abort(); // what is accepted makes sense
    return 0;
}
