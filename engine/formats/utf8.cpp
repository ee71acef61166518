// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/utf8.h"

#include <algorithm>

namespace strata {
namespace {

constexpr char32_t kBroken = 0xfffd;

/// Reads one code point and moves `at` behind it; kBroken moves by one byte.
char32_t next(std::string_view text, std::size_t& at, bool& valid) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(at);
    const std::size_t more = first < 0x80             ? 0
                             : (first & 0xe0) == 0xc0 ? 1
                             : (first & 0xf0) == 0xe0 ? 2
                             : (first & 0xf8) == 0xf0 ? 3
                                                      : 9;
    char32_t code = more == 0 ? first : first & (0x3f >> std::min<std::size_t>(more, 3));
    bool good = more < 4 && at + more < text.size();
    for (std::size_t i = 1; good && i <= more; ++i) {
        good = (byte(at + i) & 0xc0) == 0x80;
        code = code << 6 | (byte(at + i) & 0x3f);
    }
    static constexpr char32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    good = good && code >= smallest[more] && code < 0x110000 && (code < 0xd800 || code > 0xdfff);
    valid = valid && good;
    at += good ? more + 1 : 1;
    return good ? code : kBroken;
}

} // namespace

void appendUtf8(std::string& out, char32_t code) {
    if (code >= 0x110000 || (code >= 0xd800 && code <= 0xdfff))
        code = kBroken;
    if (code < 0x80) {
        out += char(code);
    } else if (code < 0x800) {
        out += char(0xc0 | code >> 6);
        out += char(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        out += char(0xe0 | code >> 12);
        out += char(0x80 | (code >> 6 & 0x3f));
        out += char(0x80 | (code & 0x3f));
    } else {
        out += char(0xf0 | code >> 18);
        out += char(0x80 | (code >> 12 & 0x3f));
        out += char(0x80 | (code >> 6 & 0x3f));
        out += char(0x80 | (code & 0x3f));
    }
}

std::u32string toUtf32(std::string_view text) {
    std::u32string out;
    bool valid = true;
    for (std::size_t at = 0; at < text.size();)
        out += next(text, at, valid);
    return out;
}

std::string validUtf8(std::string_view text) {
    bool valid = true;
    for (std::size_t at = 0; at < text.size() && valid;)
        next(text, at, valid);
    if (valid)
        return std::string(text);
    std::string out;
    for (const char byte : text)
        appendUtf8(out, static_cast<unsigned char>(byte));
    return out;
}

} // namespace strata
