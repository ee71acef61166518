// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/flat_table.h"

namespace strata {

FlatTable FlatTable::at(FlatBuffer& buffer, std::uint64_t place) {
    FlatTable table;
    const auto back =
        buffer.number<std::int32_t>(place); // the vtable lies this far before the table
    table.m_buffer = &buffer;
    table.m_at = place;
    // A difference that goes below zero wraps to beyond the end and is refused there.
    table.m_vtable = std::uint64_t(std::int64_t(place) - back);
    table.m_vtableSize = buffer.number<std::uint16_t>(table.m_vtable);
    buffer.part(table.m_vtable, table.m_vtableSize);
    return buffer.failed() ? FlatTable() : table;
}

std::uint64_t FlatTable::placeOf(int field) const {
    const int slot = 4 + 2 * field;
    if (!m_buffer || slot + 2 > m_vtableSize)
        return 0;
    const auto offset = m_buffer->number<std::uint16_t>(m_vtable + std::uint64_t(slot));
    return offset ? m_at + offset : 0;
}

std::uint64_t FlatTable::target(int field) const {
    const std::uint64_t place = placeOf(field);
    return place ? place + m_buffer->number<std::uint32_t>(place) : 0;
}

FlatTable FlatTable::table(int field) const {
    const std::uint64_t place = target(field);
    return place ? at(*m_buffer, place) : FlatTable();
}

std::span<const std::byte> FlatTable::bytes(int field, std::uint64_t elementSize) const {
    const std::uint64_t place = target(field);
    if (!place)
        return {};
    const std::uint64_t count = m_buffer->number<std::uint32_t>(place);
    return m_buffer->part(place + 4, count * elementSize);
}

std::vector<FlatTable> FlatTable::tables(int field) const {
    const auto offsets = bytes(field, 4);
    if (offsets.empty() || !m_buffer->charge(offsets.size() * 16)) // what a table becomes is larger
        return {};
    const std::uint64_t first = target(field) + 4;
    std::vector<FlatTable> result;
    result.reserve(offsets.size() / 4);
    for (std::uint64_t place = first; place < first + offsets.size(); place += 4) {
        result.push_back(at(*m_buffer, place + m_buffer->number<std::uint32_t>(place)));
        if (m_buffer->failed())
            return {};
    }
    return result;
}

std::string FlatTable::text(int field) const {
    const auto raw = bytes(field);
    if (raw.empty() || !m_buffer->charge(raw.size()))
        return {};
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

} // namespace strata
