// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/npy.h"

#include "engine/formats/byte_reader.h"
#include "engine/formats/utf8.h"

#include <algorithm>
#include <charconv>

namespace strata {
namespace {

/// Reads the header's Python dict literal; only the forms NumPy writes are known.
class HeaderText {
public:
    explicit HeaderText(std::string_view text)
        : m_rest(text) {}

    bool skip(char wanted) {
        blanks();
        if (m_rest.empty() || m_rest.front() != wanted)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool string(std::string& out) {
        blanks();
        if (m_rest.empty() || (m_rest.front() != '\'' && m_rest.front() != '"'))
            return false;
        const auto end = m_rest.find(m_rest.front(), 1);
        if (end == std::string_view::npos)
            return false;
        out = m_rest.substr(1, end - 1);
        m_rest.remove_prefix(end + 1);
        return true;
    }
    bool boolean(bool& out) {
        blanks();
        for (const auto& [word, value] : {std::pair("True", true), std::pair("False", false)})
            if (m_rest.starts_with(word)) {
                m_rest.remove_prefix(std::string_view(word).size());
                out = value;
                return true;
            }
        return false;
    }
    bool extents(std::vector<std::int64_t>& out) {
        if (!skip('('))
            return false;
        while (!skip(')')) {
            blanks();
            std::int64_t value = 0;
            const auto end = m_rest.data() + m_rest.size();
            const auto [next, error] = std::from_chars(m_rest.data(), end, value);
            if (error != std::errc() || value < 0 || out.size() >= 32)
                return false;
            m_rest.remove_prefix(std::size_t(next - m_rest.data()));
            out.push_back(value);
            skip('L'); // Python 2 wrote long integers so
            if (!skip(',') && (m_rest.empty() || m_rest.front() != ')'))
                return false;
        }
        return true;
    }

private:
    void blanks() {
        while (!m_rest.empty() && (m_rest.front() == ' ' || m_rest.front() == '\n'))
            m_rest.remove_prefix(1);
    }
    std::string_view m_rest;
};

void swapBytes(std::vector<std::byte>& bytes, std::size_t item) {
    for (std::size_t at = 0; item > 1 && at + item <= bytes.size(); at += item)
        std::reverse(bytes.begin() + std::ptrdiff_t(at), bytes.begin() + std::ptrdiff_t(at + item));
}

/// Fortran order to C order: walks the target in order and steps through the source by its strides.
std::vector<std::byte> reordered(std::span<const std::byte> source,
                                 const std::vector<std::int64_t>& shape, std::size_t item) {
    std::vector<std::byte> target(source.size());
    std::vector<std::size_t> stride(shape.size(), item), index(shape.size(), 0);
    for (std::size_t d = 1; d < shape.size(); ++d)
        stride[d] = stride[d - 1] * std::size_t(shape[d - 1]);
    std::size_t from = 0;
    for (std::size_t to = 0; to + item <= target.size(); to += item) {
        std::copy_n(source.begin() + std::ptrdiff_t(from), item,
                    target.begin() + std::ptrdiff_t(to));
        for (std::size_t d = shape.size(); d-- > 0;) {
            from += stride[d];
            if (++index[d] < std::size_t(shape[d]))
                break;
            from -= stride[d] * index[d];
            index[d] = 0;
        }
    }
    return target;
}

std::string textOf(std::span<const std::byte> item, bool unicode) {
    std::string text;
    if (unicode) {
        ByteReader reader(item);
        while (reader.left() >= 4)
            appendUtf8(text, reader.u32());
    } else {
        text.assign(reinterpret_cast<const char*>(item.data()), item.size());
    }
    text.resize(text.find_last_not_of('\0') + 1); // NumPy pads with zeros
    return unicode ? text : validUtf8(text);
}

} // namespace

Result<NumpyType> NumpyType::parse(std::string_view text, const std::string& name) {
    const Error unknown{ErrorCode::BadFormat, name + " holds values of type '" + std::string(text) +
                                                  "', which is not supported."};
    NumpyType type;
    std::string_view rest = text;
    if (!rest.empty() && std::string_view("<>|=").find(rest.front()) != std::string_view::npos) {
        type.swapped = rest.front() == '>';
        rest.remove_prefix(1);
    }
    if (rest.empty())
        return unknown;
    const char kind = rest.front();
    std::uint32_t size = 0;
    const auto digits = rest.substr(1);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (kind == 'O') {
        type.object = true;
        return type;
    }
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
        return unknown;
    type.itemSize = size;
    type.unicode = kind == 'U';
    if (kind == 'U' || kind == 'S' || kind == 'a') {
        type.type = DType::Text;
        type.itemSize = std::uint64_t(size) * (type.unicode ? 4 : 1);
        return type;
    }
    struct Known {
        char kind;
        std::uint32_t size;
        DType type;
    };
    static constexpr Known known[] = {
        {'b', 1, DType::Bool}, {'u', 1, DType::U8},  {'i', 1, DType::I8},  {'u', 2, DType::U16},
        {'i', 2, DType::I16},  {'u', 4, DType::U32}, {'i', 4, DType::I32}, {'u', 8, DType::U64},
        {'i', 8, DType::I64},  {'f', 2, DType::F16}, {'f', 4, DType::F32}, {'f', 8, DType::F64}};
    for (const Known& k : known)
        if (k.kind == kind && k.size == size) {
            type.type = k.type;
            return type;
        }
    return unknown;
}

Result<NpyHeader> parseNpyHeader(const FileBytes& file) {
    ByteReader reader(file.bytes);
    if (reader.text(6) != std::string_view("\x93NUMPY"))
        return Error{ErrorCode::BadFormat, file.name + " is not a NumPy file."};
    const std::uint8_t version = reader.u8();
    reader.skip(1);
    const std::uint64_t length = version == 1 ? reader.u16() : reader.u32();
    HeaderText text(reader.text(std::min<std::uint64_t>(length, 1 << 20)));
    if (reader.failed() || version < 1 || version > 3 || length > 1 << 20 || !text.skip('{'))
        return damaged(file.name, "its NumPy header is broken");

    NpyHeader header;
    header.dataOffset = reader.at();
    std::string descr;
    bool complete = true;
    for (int field = 0; field < 3 && complete; ++field) {
        std::string key;
        complete = text.string(key) && text.skip(':');
        if (key == "descr") {
            if (complete && !text.string(descr))
                return Error{ErrorCode::BadFormat,
                             file.name + " holds records, which are not supported."};
        } else if (key == "fortran_order") {
            complete = complete && text.boolean(header.fortran);
        } else {
            complete = complete && key == "shape" && text.extents(header.shape);
        }
        text.skip(',');
    }
    if (!complete || !text.skip('}'))
        return damaged(file.name, "its NumPy header is broken");
    STRATA_ASSIGN(header.type, NumpyType::parse(descr, file.name));
    return header;
}

Result<Array> arrayFromNumpy(const NumpyType& type, std::vector<std::int64_t> shape, bool fortran,
                             const FileBytes& data, const ReadLimits& limits) {
    const auto count = bytesOf(DType::U8, shape);
    const std::uint64_t item = std::max<std::uint64_t>(type.itemSize, 1);
    if (!count || *count > data.size() / item)
        return damaged(data.name,
                       "it holds fewer values than its shape " + nameOf(shape) + " says");
    const std::uint64_t total = *count * type.itemSize;
    const bool change = fortran && shape.size() > 1;
    const bool text = type.type == DType::Text;
    if ((change || type.swapped || text) &&
        std::max(total, text ? *count * sizeof(std::string) : 0) > limits.bytes)
        return Error{ErrorCode::OutOfMemory, data.name + " is too large to read."};

    Array array;
    array.type = type.type;
    array.shape = std::move(shape);
    array.bytes = data.bytes.first(total);
    array.owner = data.owner;
    std::vector<std::byte> own;
    if (change)
        own = reordered(array.bytes, array.shape, item);
    else if (type.swapped)
        own.assign(array.bytes.begin(), array.bytes.end());
    if (type.swapped)
        swapBytes(own, text ? 4 : type.itemSize);
    if (change || type.swapped) {
        auto owner = std::make_shared<const std::vector<std::byte>>(std::move(own));
        array.bytes = *owner;
        array.owner = std::move(owner);
    }
    if (text) {
        array.texts.reserve(*count);
        for (std::uint64_t i = 0; i < *count; ++i)
            array.texts.push_back(
                textOf(array.bytes.subspan(i * type.itemSize, type.itemSize), type.unicode));
        array.bytes = {};
        array.owner = nullptr;
    }
    return array;
}

std::string npyBytes(const Array& array) {
    static constexpr const char* names[] = {"|b1", "|u1", "|i1", "<u2", "<i2", "<u4", "<i4",
                                            "<u8", "<i8", "<f2", "<f2", "<f4", "<f8"};
    std::string descr, data;
    if (array.type == DType::Text) {
        std::vector<std::u32string> texts;
        std::size_t longest = 1;
        for (const std::string& text : array.texts) {
            texts.push_back(toUtf32(text));
            longest = std::max(longest, texts.back().size());
        }
        for (std::u32string& text : texts) {
            text.resize(longest, U'\0');
            data.append(reinterpret_cast<const char*>(text.data()), 4 * longest);
        }
        descr = "<U" + std::to_string(longest);
    } else if (array.type == DType::BF16) { // NumPy has no bfloat16; float32 holds it exactly
        const std::vector<float> values = array.toFloats();
        data.assign(reinterpret_cast<const char*>(values.data()), 4 * values.size());
        descr = "<f4";
    } else {
        data.assign(reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size());
        descr = names[int(array.type)];
    }
    std::string header = "{'descr': '" + descr +
                         "', 'fortran_order': False, 'shape': " + nameOf(array.shape) + ", }";
    header.append(63 - (10 + header.size()) % 64, ' '); // the data begins at a multiple of 64
    header += '\n';
    std::string file("\x93NUMPY\x01\x00", 8);
    file += char(header.size() & 0xff);
    file += char(header.size() >> 8);
    return file + header + data;
}

} // namespace strata
