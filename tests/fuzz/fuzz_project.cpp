// SPDX-License-Identifier: Apache-2.0
#include "engine/project/check.h"
#include "engine/project/io/project_file.h"

#include <cstdint>
#include <cstdlib>

/// What is read keeps its promises and survives being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto project = strata::readProject(text, "/project", "input");
    if (!project) {
        if (project.error().message.empty() || project.error().message.back() != '.')
            std::abort(); // errors are sentences
        return 0;
    }
    const auto again =
        strata::readProject(strata::writeProject(*project, "/project"), "/project", "input");
    if (!strata::brokenPromise(*project).empty() || !again || !(*again == *project))
        std::abort();
    return 0;
}
