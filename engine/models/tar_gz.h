// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace strata {

struct TarTarget {
    std::filesystem::path file; // where the member goes
    std::uint64_t bytes = 0;    // what it must have
};

/// Writes the members of a .tar.gz that `wanted` names (by their path inside, "package/model.onnx")
/// to the given files, and nothing else of it: links, folders and other names are passed over. A
/// member of another size is refused before anything of it is written. Memory does not grow with
/// the archive.
Status extractTarGz(const std::filesystem::path& archive,
                    const std::map<std::string, TarTarget>& wanted, const JobContext& context);

} // namespace strata
