// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/safetensors.h"

#include "engine/core/atomic_file.h"
#include "engine/formats/byte_reader.h"
#include "engine/formats/json_cursor.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <tuple>

namespace strata {
namespace {

constexpr std::uint64_t kMaxHeader = 100u << 20;

constexpr std::pair<std::string_view, DType> kTypes[] = {
    {"BOOL", DType::Bool}, {"U8", DType::U8},   {"I8", DType::I8},     {"U16", DType::U16},
    {"I16", DType::I16},   {"U32", DType::U32}, {"I32", DType::I32},   {"U64", DType::U64},
    {"I64", DType::I64},   {"F16", DType::F16}, {"BF16", DType::BF16}, {"F32", DType::F32},
    {"F64", DType::F64}};

std::optional<DType> typeOf(std::string_view name) {
    for (const auto& [text, type] : kTypes)
        if (text == name)
            return type;
    return std::nullopt;
}

std::string_view codeOf(DType type) {
    return std::find_if(std::begin(kTypes), std::end(kTypes),
                        [type](const auto& known) { return known.second == type; })
        ->first;
}

struct Entry {
    std::string type;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;
};

Entry readEntry(JsonCursor& json) {
    Entry entry;
    json.expect('{');
    do {
        const std::string key = json.string();
        json.expect(':');
        if (key == "dtype") {
            entry.type = json.string();
        } else if (key == "shape") {
            json.expect('[');
            entry.shape.clear();
            while (!json.failed() && !json.accept(']')) {
                // Beyond 2^63 this turns negative and is refused with the shape.
                entry.shape.push_back(std::int64_t(json.number()));
                json.accept(',');
            }
        } else if (key == "data_offsets") {
            json.expect('[');
            entry.begin = json.number();
            json.expect(',');
            entry.end = json.number();
            json.expect(']');
        } else {
            json.skipValue();
        }
    } while (!json.failed() && json.accept(','));
    json.expect('}');
    return entry;
}

Result<Array> arrayOf(const Entry& entry, const std::string& name, const FileBytes& data) {
    const auto type = typeOf(entry.type);
    if (!type)
        return Error{ErrorCode::BadFormat, data.name + ": the tensor '" + name +
                                               "' has the type '" + entry.type +
                                               "', which is not supported."};
    const auto size = bytesOf(*type, entry.shape);
    if (!size || entry.shape.size() > 32 || entry.begin > entry.end || entry.end > data.size() ||
        entry.end - entry.begin != *size)
        return damaged(data.name, "the tensor '" + name + "' does not lie inside the file");
    Array array;
    array.type = *type;
    array.shape = entry.shape;
    array.bytes = data.bytes.subspan(entry.begin, *size);
    array.owner = data.owner;
    return array;
}

using Range = std::pair<std::uint64_t, std::uint64_t>;

/// The format forbids holes and overlaps: they would hide data or let two tensors share it.
bool tiles(std::vector<Range> ranges, std::uint64_t size) {
    std::sort(ranges.begin(), ranges.end());
    std::uint64_t at = 0;
    for (const auto& [begin, end] : ranges) {
        if (begin != at)
            return false;
        at = end;
    }
    return at == size;
}

} // namespace

bool looksLikeSafetensors(std::span<const std::byte> bytes) {
    ByteReader reader(bytes);
    const std::uint64_t length = reader.u64();
    return !reader.failed() && length >= 2 && length <= reader.left() && length <= kMaxHeader &&
           reader.u8() == '{';
}

Result<ArrayMap> parseSafetensors(const FileBytes& file) {
    if (!looksLikeSafetensors(file.bytes))
        return Error{ErrorCode::BadFormat, file.name + " is not a safetensors file."};
    ByteReader reader(file.bytes);
    const std::uint64_t length = reader.u64();
    JsonCursor json(reader.text(length));
    const FileBytes data = file.part(8 + length, file.size() - 8 - length);
    ArrayMap arrays;
    std::vector<Range> ranges;
    json.expect('{');
    if (!json.accept('}')) {
        do {
            const std::string name = json.string();
            json.expect(':');
            if (name == "__metadata__") {
                json.skipValue();
                continue;
            }
            const Entry entry = readEntry(json);
            if (json.failed())
                break;
            STRATA_ASSIGN(Array array, arrayOf(entry, name, data));
            ranges.emplace_back(entry.begin, entry.end);
            if (!arrays.emplace(name, std::move(array)).second)
                return damaged(file.name, "the tensor '" + name + "' is there twice");
        } while (!json.failed() && json.accept(','));
        json.expect('}');
    }
    if (json.failed() || !json.atEnd())
        return damaged(file.name, "its header is broken");
    if (!tiles(std::move(ranges), data.size()))
        return damaged(file.name, "its tensors overlap or leave holes");
    return arrays;
}

Result<ArrayMap> readSafetensors(const std::filesystem::path& path) {
    STRATA_ASSIGN(const FileBytes file, mapFile(path));
    return parseSafetensors(file);
}

Status writeSafetensors(const std::filesystem::path& path, const ArrayMap& arrays,
                        const std::map<std::string, std::string>& metadata) {
    // Larger items first, so that every tensor is aligned to its own size without holes.
    std::vector<std::tuple<std::size_t, const std::string*, const Array*>> order;
    for (const auto& [name, array] : arrays) {
        if (array.type == DType::Text)
            return Error{ErrorCode::Usage,
                         "The text '" + name + "' cannot be written to a safetensors file."};
        order.emplace_back(bytesOf(array.type), &name, &array);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return std::get<0>(a) > std::get<0>(b); });
    std::string header = "{";
    if (!metadata.empty()) {
        header += "\"__metadata__\":{";
        for (const auto& [key, value] : metadata)
            header.append(header.back() == '{' ? "" : ",")
                .append(jsonQuoted(key) + ":" + jsonQuoted(value));
        header += "}";
    }
    std::uint64_t at = 0;
    for (const auto& [size, name, array] : order) {
        std::string shape;
        for (const std::int64_t extent : array->shape)
            shape.append(shape.empty() ? "" : ",").append(std::to_string(extent));
        header.append(header.size() == 1 ? "" : ",")
            .append(jsonQuoted(*name) + ":{\"dtype\":\"" + std::string(codeOf(array->type)) +
                    "\",\"shape\":[" + shape + "],\"data_offsets\":[" + std::to_string(at) + "," +
                    std::to_string(at + array->bytes.size()) + "]}");
        at += array->bytes.size();
    }
    header += "}";
    header.append((8 - header.size() % 8) % 8, ' ');

    AtomicFile target(path);
    std::ofstream file(target.path(), std::ios::binary);
    const std::uint64_t length = header.size();
    file.write(reinterpret_cast<const char*>(&length), 8);
    file << header;
    for (const auto& [size, name, array] : order)
        file.write(reinterpret_cast<const char*>(array->bytes.data()),
                   std::streamsize(array->bytes.size()));
    file.close();
    if (!file)
        return Error{ErrorCode::Io, "Cannot write " + path.string() + "."};
    return target.commit();
}

} // namespace strata
