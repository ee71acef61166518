// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string>

namespace strata {

/// SHA-256 of files, remembered in a small JSON beside them by size and time of change, so that a
/// model of gigabytes is read once and not at every start. A memory that cannot be read or written
/// only costs time.
class HashMemory {
public:
    explicit HashMemory(std::filesystem::path memoryFile)
        : m_file(std::move(memoryFile)) {}

    Result<std::string> sha256(const std::filesystem::path& file) const;

private:
    std::filesystem::path m_file;
};

} // namespace strata
