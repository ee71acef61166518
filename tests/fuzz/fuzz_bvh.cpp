// SPDX-License-Identifier: Apache-2.0
#include "engine/body/bvh.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = strata::parseBvh({reinterpret_cast<const char*>(data), size});
    if (!file)
        return 0;
    if (file->values.size() != std::size_t(file->frameCount) * std::size_t(file->channelCount))
        std::abort();
    if (file->frameCount > 0)
        (void)strata::bvhFrame(*file, file->frameCount - 1);
    (void)strata::bvhZeroPose(*file);
    return 0;
}
