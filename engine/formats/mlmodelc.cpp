// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/mlmodelc.h"

#include "engine/formats/byte_reader.h"
#include "engine/formats/half.h"

#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>

namespace strata {
namespace {

constexpr std::uint32_t kBlob = 0xdeadbeef;
constexpr std::string_view kConstant = "= const()[";

std::optional<DType> typeOf(std::string_view name) {
    static constexpr std::pair<std::string_view, DType> known[] = {
        {"fp16", DType::F16},   {"fp32", DType::F32},   {"fp64", DType::F64},
        {"bool", DType::Bool},  {"int8", DType::I8},    {"uint8", DType::U8},
        {"int16", DType::I16},  {"uint16", DType::U16}, {"int32", DType::I32},
        {"uint32", DType::U32}, {"int64", DType::I64},  {"uint64", DType::U64},
        {"string", DType::Text}};
    for (const auto& [text, type] : known)
        if (text == name)
            return type;
    return std::nullopt;
}

/// The weight file's own number for a type, 0 where it has none that we know.
std::uint32_t blobCode(DType type) {
    switch (type) {
    case DType::F16:
        return 1;
    case DType::F32:
        return 2;
    case DType::U8:
        return 3;
    case DType::I8:
        return 4;
    default:
        return 0;
    }
}

template <typename T>
void append(std::vector<std::byte>& out, T value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Walks the text; a form it does not know sets failed() and everything after reads as empty.
class MilText {
public:
    MilText(std::string_view text, const FileBytes& weights)
        : m_rest(text)
        , m_weights(weights) {}

    bool failed() const { return m_failed; }
    const std::string& reason() const { return m_reason; }

    bool nextConstant() {
        const auto found = m_rest.find(kConstant);
        if (m_failed || found == std::string_view::npos)
            return false;
        m_rest.remove_prefix(found + kConstant.size());
        return true;
    }

    /// `key = value` pairs up to the closing bracket; of interest are name and val.
    void attributes(std::string& name, Array& value) {
        bool named = false, valued = false;
        do {
            const std::string_view key = word();
            expect('=');
            Array array = typed(true);
            if (key == "name" && array.texts.size() == 1) {
                name = array.texts.front();
                named = true;
            } else if (key == "val") {
                value = std::move(array);
                valued = true;
            }
        } while (!m_failed && accept(','));
        expect(']');
        if (!named || !valued)
            fail("a constant has no name or no value");
    }

private:
    Array fail(const std::string& reason = "the graph is not written in a form that is known") {
        if (!m_failed)
            m_reason = reason;
        m_failed = true;
        m_rest = {};
        return {};
    }
    void blanks() {
        while (!m_rest.empty() && (m_rest.front() == ' ' || m_rest.front() == '\n' ||
                                   m_rest.front() == '\t' || m_rest.front() == '\r'))
            m_rest.remove_prefix(1);
    }
    bool accept(char wanted) {
        blanks();
        if (m_rest.empty() || m_rest.front() != wanted)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    void expect(char wanted) {
        if (!accept(wanted))
            fail();
    }
    static bool inWord(char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '+' || c == '-' ||
               c == '.';
    }
    std::string_view word() {
        blanks();
        std::size_t end = 0;
        while (end < m_rest.size() && inWord(m_rest[end]))
            ++end;
        const auto text = m_rest.substr(0, end);
        m_rest.remove_prefix(end);
        return text;
    }

    /// tensor<fp16, [384]>(…)
    Array typed(bool blobAllowed) {
        Array array;
        if (word() != "tensor")
            return fail();
        expect('<');
        const auto type = typeOf(word());
        expect(',');
        expect('[');
        while (!m_failed && !accept(']')) {
            const std::string_view digits = word();
            std::int64_t extent = -1;
            const auto end = digits.data() + digits.size();
            if (std::from_chars(digits.data(), end, extent).ptr != end || extent < 0 ||
                array.shape.size() >= 16)
                return fail();
            array.shape.push_back(extent);
            accept(',');
        }
        expect('>');
        expect('(');
        if (m_failed || !type || !bytesOf(*type, array.shape))
            return fail();
        array.type = *type;
        if (m_rest.starts_with("BLOBFILE(")) {
            m_rest.remove_prefix(9);
            return blobAllowed ? blob(std::move(array)) : fail();
        }
        return literal(std::move(array));
    }

    /// path = tensor<string, []>("…"), offset = tensor<uint64, []>(64)))
    Array blob(Array array) {
        word();
        expect('=');
        typed(false);
        expect(',');
        word();
        expect('=');
        const auto offset = typed(false).toInts();
        expect(')');
        expect(')');
        if (m_failed || offset.size() != 1 || offset[0] < 0 ||
            std::uint64_t(offset[0]) > m_weights.size())
            return fail("a constant lies outside " + m_weights.name);
        ByteReader record(m_weights.bytes.subspan(std::size_t(offset[0])));
        const std::uint32_t mark = record.u32(), code = record.u32();
        const std::uint64_t size = record.u64(), data = record.u64();
        if (record.failed() || mark != kBlob || code == 0 || code != blobCode(array.type) ||
            size != bytesOf(array.type, array.shape) || data > m_weights.size() ||
            size > m_weights.size() - data)
            return fail("a constant does not fit its record in " + m_weights.name);
        array.bytes = m_weights.bytes.subspan(data, size);
        array.owner = m_weights.owner;
        return array;
    }

    /// [[1, 2], [3, 4]] and the like up to the closing parenthesis; only the number of values is
    /// held against the shape.
    Array literal(Array array) {
        std::vector<std::byte> bytes;
        std::int64_t count = 0;
        while (!m_failed && !accept(')')) {
            if (accept('[') || accept(']') || accept(','))
                continue;
            ++count;
            if (array.type == DType::Text)
                array.texts.push_back(quoted());
            else
                number(array.type, bytes);
        }
        if (m_failed || count != array.count())
            return fail("a constant has more or fewer values than its shape says");
        return array.type == DType::Text
                   ? array
                   : Array::ofBytes(array.type, std::move(array.shape), std::move(bytes));
    }

    std::string quoted() {
        expect('"');
        std::string text;
        while (!m_rest.empty() && m_rest.front() != '"') {
            if (m_rest.front() == '\\' && m_rest.size() > 1)
                m_rest.remove_prefix(1);
            text += m_rest.front();
            m_rest.remove_prefix(1);
        }
        expect('"');
        return text;
    }

    void number(DType type, std::vector<std::byte>& out) {
        std::string_view digits = word();
        if (type == DType::Bool) {
            if (digits != "true" && digits != "false")
                fail();
            return append(out, std::uint8_t(digits == "true"));
        }
        const bool floating = type == DType::F16 || type == DType::F32 || type == DType::F64;
        return floating ? real(digits, type, out) : integer(digits, type, out);
    }

    void real(std::string_view digits, DType type, std::vector<std::byte>& out) {
        const bool negative = digits.starts_with('-');
        digits.remove_prefix(negative ? 1 : 0);
        const bool hex = digits.starts_with("0x");
        digits.remove_prefix(hex ? 2 : 0);
        double value = 0;
        const auto end = digits.data() + digits.size();
        const auto parsed = std::from_chars(
            digits.data(), end, value, hex ? std::chars_format::hex : std::chars_format::general);
        if (digits.empty() || parsed.ptr != end)
            fail();
        value = negative ? -value : value;
        if (type == DType::F16)
            append(out, floatToHalf(float(value)));
        else if (type == DType::F32)
            append(out, float(value));
        else
            append(out, value);
    }

    void integer(std::string_view digits, DType type, std::vector<std::byte>& out) {
        std::int64_t value = 0;
        const auto end = digits.data() + digits.size();
        if (digits.empty() || std::from_chars(digits.data(), end, value).ptr != end)
            fail();
        const auto bytes = std::as_bytes(std::span(&value, 1)).first(bytesOf(type));
        out.insert(out.end(), bytes.begin(), bytes.end()); // little endian: the low bytes
    }

    std::string_view m_rest;
    const FileBytes& m_weights;
    bool m_failed = false;
    std::string m_reason;
};

} // namespace

Result<ArrayMap> parseMlmodelc(const FileBytes& graph, const FileBytes& weights) {
    const std::string_view text(reinterpret_cast<const char*>(graph.bytes.data()), graph.size());
    if (!text.starts_with("program("))
        return Error{ErrorCode::BadFormat, graph.name + " is not a Core ML graph in text form."};
    ArrayMap arrays;
    MilText reader(text, weights);
    while (reader.nextConstant()) {
        std::string name;
        Array value;
        reader.attributes(name, value);
        if (reader.failed())
            break;
        if (!arrays.emplace(name, std::move(value)).second)
            return damaged(graph.name, "the constant '" + name + "' is there twice");
    }
    if (reader.failed())
        return damaged(graph.name, reader.reason());
    if (arrays.empty())
        return Error{ErrorCode::BadFormat, graph.name + " has no constants."};
    return arrays;
}

Result<ArrayMap> readMlmodelc(const std::filesystem::path& folder) {
    STRATA_ASSIGN(const FileBytes graph, mapFile(folder / "model.mil"));
    std::error_code none;
    const auto inside = folder / "weights" / "weight.bin";
    STRATA_ASSIGN(const FileBytes weights,
                  mapFile(std::filesystem::exists(inside, none) ? inside : folder / "weight.bin"));
    return parseMlmodelc(graph, weights);
}

} // namespace strata
