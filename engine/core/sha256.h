// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace strata {

/// SHA-256 (FIPS 180-4) over bytes fed in pieces.
class Sha256 {
public:
    Sha256();
    Sha256& add(std::span<const std::byte> bytes);
    Sha256& add(std::string_view text);
    /// 64 lower-case hexadecimal digits. The object must not be used afterwards.
    std::string hex();

private:
    void block(const std::uint8_t* data);

    std::array<std::uint32_t, 8> m_state;
    std::array<std::uint8_t, 64> m_buffer;
    std::size_t m_filled = 0;
    std::uint64_t m_total = 0;
};

std::string sha256(std::string_view text);
Result<std::string> sha256File(const std::filesystem::path& path);

} // namespace strata
