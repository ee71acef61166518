// SPDX-License-Identifier: Apache-2.0
#include "engine/models/model_manifest.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)strata::parseManifest({reinterpret_cast<const char*>(data), size}, "input");
    return 0;
}
