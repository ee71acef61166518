// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/json_cursor.h"

#include "engine/formats/utf8.h"

#include <charconv>

namespace strata {

void JsonCursor::blanks() {
    const auto first = m_rest.find_first_not_of(" \t\r\n");
    m_rest.remove_prefix(first == std::string_view::npos ? m_rest.size() : first);
}

bool JsonCursor::accept(char wanted) {
    blanks();
    if (m_rest.empty() || m_rest.front() != wanted)
        return false;
    m_rest.remove_prefix(1);
    return true;
}

void JsonCursor::expect(char wanted) {
    if (!accept(wanted))
        fail();
}

bool JsonCursor::atEnd() {
    blanks();
    return m_rest.empty();
}

std::string JsonCursor::string() {
    expect('"');
    std::string out;
    while (!m_rest.empty() && m_rest.front() != '"') {
        char next = m_rest.front();
        m_rest.remove_prefix(1);
        if (next != '\\') {
            out += next;
            continue;
        }
        if (m_rest.empty())
            break;
        next = m_rest.front();
        m_rest.remove_prefix(1);
        if (next == 'u' && m_rest.size() >= 4) {
            unsigned code = 0;
            std::from_chars(m_rest.data(), m_rest.data() + 4, code, 16);
            appendUtf8(out, code);
            m_rest.remove_prefix(4);
        } else {
            static constexpr std::string_view from = "nrtbf", to = "\n\r\t\b\f";
            const auto known = from.find(next);
            out += known == std::string_view::npos ? next : to[known];
        }
    }
    expect('"');
    return out;
}

std::uint64_t JsonCursor::number() {
    blanks();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), value);
    if (error != std::errc())
        fail();
    else
        m_rest.remove_prefix(std::size_t(end - m_rest.data()));
    return value;
}

void JsonCursor::skipValue() {
    std::int64_t depth = 0;
    do {
        blanks();
        if (m_rest.empty())
            return fail();
        const char next = m_rest.front();
        if (next == '"') {
            string();
            continue;
        }
        depth += next == '{' || next == '[';
        depth -= next == '}' || next == ']';
        if (depth < 0)
            return fail();
        m_rest.remove_prefix(1);
        if (depth == 0 && next != '}' && next != ']') { // a word or number ends before these
            const auto end = m_rest.find_first_of(",]} \t\r\n");
            m_rest.remove_prefix(end == std::string_view::npos ? m_rest.size() : end);
        }
    } while (!m_failed && depth > 0);
}

std::string jsonQuoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            static constexpr char digits[] = "0123456789abcdef";
            out += "\\u00";
            out += digits[c >> 4 & 15];
            out += digits[c & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

} // namespace strata
