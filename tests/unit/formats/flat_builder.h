// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

/// Writes small flatbuffers files for tests, front to back: a table first, what it points to behind
/// it.
class FlatBuilder {
public:
    struct Table;
    /// What a field holds: a number of 1, 4 or 8 bytes, raw vector bytes, a table or a vector of
    /// tables.
    struct Field {
        int number = 0;
        std::string scalar;
        bool isVector = false;
        std::uint32_t count = 0;
        std::string bytes;
        bool isTable = false;
        std::vector<Table> tables;
    };
    struct Table {
        std::vector<Field> fields;
        template <typename T>
        Table& number(int field, T value) {
            fields.push_back({field,
                              std::string(reinterpret_cast<char*>(&value), sizeof(T)),
                              false,
                              0,
                              {},
                              false,
                              {}});
            return *this;
        }
        template <typename T>
        Table& vector(int field, const std::vector<T>& values) {
            fields.push_back({field,
                              {},
                              true,
                              std::uint32_t(values.size()),
                              std::string(reinterpret_cast<const char*>(values.data()),
                                          values.size() * sizeof(T)),
                              false,
                              {}});
            return *this;
        }
        Table& text(int field, const std::string& value) {
            return vector(field, std::vector<char>(value.begin(), value.end()));
        }
        Table& table(int field, Table value) {
            fields.push_back({field, {}, false, 0, {}, true, {std::move(value)}});
            return *this;
        }
        Table& tables(int field, std::vector<Table> values) {
            fields.push_back(
                {field, {}, true, std::uint32_t(values.size()), {}, true, std::move(values)});
            return *this;
        }
    };

    static std::string file(const Table& root, const std::string& identifier) {
        std::string out(8, '\0');
        std::memcpy(&out[4], identifier.data(), 4);
        point(out, 0, write(out, root));
        return out;
    }

private:
    static void put32(std::string& out, std::size_t at, std::uint32_t value) {
        std::memcpy(&out[at], &value, 4);
    }
    static void point(std::string& out, std::size_t at, std::size_t target) {
        put32(out, at, std::uint32_t(target - at));
    }
    static std::size_t write(std::string& out, const Table& table) {
        int fields = 0;
        for (const Field& field : table.fields)
            fields = std::max(fields, field.number + 1);
        const std::size_t vtable = out.size();
        out.resize(out.size() + 4 + 2 * std::size_t(fields));
        const std::size_t start = out.size();
        out.resize(out.size() + 4);
        put32(out, start, std::uint32_t(start - vtable));
        std::vector<std::size_t> places;
        for (const Field& field : table.fields) {
            places.push_back(out.size());
            const auto offset = std::uint16_t(out.size() - start);
            std::memcpy(&out[vtable + 4 + 2 * std::size_t(field.number)], &offset, 2);
            out += field.scalar.empty() ? std::string(4, '\0') : field.scalar;
        }
        const auto vtableSize = std::uint16_t(start - vtable);
        const auto tableSize = std::uint16_t(out.size() - start);
        std::memcpy(&out[vtable], &vtableSize, 2);
        std::memcpy(&out[vtable + 2], &tableSize, 2);
        for (std::size_t i = 0; i < places.size(); ++i)
            writeTarget(out, table.fields[i], places[i]);
        return start;
    }
    static void writeTarget(std::string& out, const Field& field, std::size_t place) {
        if (!field.scalar.empty())
            return;
        if (!field.isVector)
            return point(out, place, write(out, field.tables.front()));
        point(out, place, out.size());
        const std::size_t vector = out.size();
        out.resize(out.size() + 4);
        put32(out, vector, field.count);
        out += field.bytes;
        if (!field.isTable)
            return;
        const std::size_t first = out.size();
        out.resize(out.size() + 4 * field.tables.size());
        for (std::size_t i = 0; i < field.tables.size(); ++i)
            point(out, first + 4 * i, write(out, field.tables[i]));
    }
};
