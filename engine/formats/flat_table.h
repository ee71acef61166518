// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace strata {

/// A flatbuffers file being read. Anything that points outside sets failed(), and what is copied
/// out is charged to a budget a few times the file's size: tables may share their parts, so a small
/// file could otherwise unfold without end.
class FlatBuffer {
public:
    explicit FlatBuffer(std::span<const std::byte> bytes)
        : m_bytes(bytes)
        , m_budget(16 * std::uint64_t(bytes.size()) + 65536) {}

    template <typename T>
    T number(std::uint64_t at) {
        T value{};
        if (holds(at, sizeof(T)))
            std::memcpy(&value, m_bytes.data() + at, sizeof(T));
        return value;
    }
    std::span<const std::byte> part(std::uint64_t at, std::uint64_t count) {
        return holds(at, count) ? m_bytes.subspan(at, count) : std::span<const std::byte>();
    }
    bool charge(std::uint64_t bytes) {
        m_failed = m_failed || bytes > m_budget;
        m_budget -= m_failed ? 0 : bytes;
        return !m_failed;
    }
    bool failed() const { return m_failed; }

private:
    bool holds(std::uint64_t at, std::uint64_t count) {
        m_failed = m_failed || at > m_bytes.size() || count > m_bytes.size() - at;
        return !m_failed;
    }

    std::span<const std::byte> m_bytes;
    std::uint64_t m_budget;
    bool m_failed = false;
};

/// One table: fields by their number in the schema. A field that is absent gives its default, an
/// absent table is false and gives defaults for everything.
class FlatTable {
public:
    FlatTable() = default;
    static FlatTable root(FlatBuffer& buffer) {
        return at(buffer, buffer.number<std::uint32_t>(0));
    }

    explicit operator bool() const { return m_buffer != nullptr; }

    template <typename T>
    T number(int field, T absent = {}) const {
        const std::uint64_t place = placeOf(field);
        return place ? m_buffer->number<T>(place) : absent;
    }
    FlatTable table(int field) const;
    std::vector<FlatTable> tables(int field) const;
    std::string text(int field) const;
    /// A vector of numbers as it lies in the file.
    std::span<const std::byte> bytes(int field, std::uint64_t elementSize = 1) const;

    template <typename T>
    std::vector<T> numbers(int field) const {
        const auto raw = bytes(field, sizeof(T));
        if (raw.empty() || !m_buffer->charge(raw.size()))
            return {};
        std::vector<T> values(raw.size() / sizeof(T));
        std::memcpy(values.data(), raw.data(), raw.size());
        return values;
    }

private:
    static FlatTable at(FlatBuffer& buffer, std::uint64_t place);
    std::uint64_t placeOf(int field) const; // 0 when absent
    std::uint64_t target(int field) const;  // where the offset in that field points, 0 when absent

    FlatBuffer* m_buffer = nullptr;
    std::uint64_t m_at = 0;
    std::uint64_t m_vtable = 0;
    std::uint16_t m_vtableSize = 0;
};

} // namespace strata
