// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/flat_table.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace strata {

/// The dense values of a constant whose file keeps the non-zero ones only. `sparsity` is the
/// tensor's SparsityParameters table, `bytes` the size of the dense result, `item` that of one
/// value. Nothing when the description and the values do not fit together.
std::optional<std::vector<std::byte>> densify(const FlatTable& sparsity,
                                              const std::vector<std::int64_t>& shape,
                                              std::span<const std::byte> values,
                                              std::uint64_t bytes, std::size_t item);

} // namespace strata
