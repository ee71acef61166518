// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace strata {

/// The last few states of a training in a folder, as step_0000000500.safetensors. A file is there
/// whole or not at all.
class CheckpointStore {
public:
    CheckpointStore(std::filesystem::path folder, int keep)
        : m_folder(std::move(folder))
        , m_keep(keep) {}

    /// Removes the oldest ones afterwards, so that `keep` are left.
    Status write(std::int64_t step, const ArrayMap& state) const;
    /// The one of the highest step, if there is any.
    std::optional<std::filesystem::path> latest() const;

private:
    std::vector<std::filesystem::path> all() const; // oldest first

    std::filesystem::path m_folder;
    int m_keep;
};

} // namespace strata
