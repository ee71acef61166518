// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/mapped_file.h"

#include <cstdint>
#include <span>
#include <vector>

namespace strata {

/// Whether this build has zlib; without it only stored data can be read and written.
bool canDeflate();

/// Raw deflate data of exactly `size` bytes when unpacked. Memory grows with what really comes out.
Result<std::vector<std::byte>> inflate(std::span<const std::byte> packed, std::uint64_t size,
                                       const std::string& name);
/// Raw deflate; nothing without zlib.
std::vector<std::byte> deflate(std::span<const std::byte> bytes);

std::uint32_t crc32(std::span<const std::byte> bytes);

} // namespace strata
