// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace strata {

/// Reads little-endian numbers from front to back and never past the end: a read that does not fit
/// gives zero and sets failed(), which stays set. The machines this runs on are little endian.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes)
        : m_bytes(bytes) {}

    template <typename T>
    T number() {
        T value{};
        if (const auto part = take(sizeof(T)); part.size() == sizeof(T))
            std::memcpy(&value, part.data(), sizeof(T));
        return value;
    }

    std::uint8_t u8() { return number<std::uint8_t>(); }
    std::uint16_t u16() { return number<std::uint16_t>(); }
    std::uint32_t u32() { return number<std::uint32_t>(); }
    std::uint64_t u64() { return number<std::uint64_t>(); }

    /// The next `count` bytes, or none of them.
    std::span<const std::byte> take(std::uint64_t count) {
        if (m_failed || count > left()) {
            m_failed = true;
            return {};
        }
        const auto part = m_bytes.subspan(m_at, count);
        m_at += count;
        return part;
    }
    std::string_view text(std::uint64_t count) {
        const auto part = take(count);
        return {reinterpret_cast<const char*>(part.data()), part.size()};
    }
    void skip(std::uint64_t count) { take(count); }

    std::uint64_t at() const { return m_at; }
    std::uint64_t left() const { return m_bytes.size() - m_at; }
    bool failed() const { return m_failed; }

private:
    std::span<const std::byte> m_bytes;
    std::uint64_t m_at = 0;
    bool m_failed = false;
};

} // namespace strata
