// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/path_text.h"

#include "engine/formats/utf8.h"

namespace strata {
namespace {

constexpr char kDigits[] = "0123456789ABCDEF";

int digit(char c) {
    const auto at = std::string_view(kDigits).find(c);
    return c == '\0' || at == std::string_view::npos ? -1 : int(at);
}

} // namespace

std::string pathToText(const std::filesystem::path& path) {
    const std::string& bytes = path.native();
    const bool utf8 = validUtf8(bytes) == bytes;
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '%' || (!utf8 && byte >= 0x80))
            (text += '%').append({kDigits[byte >> 4], kDigits[byte & 15]});
        else
            text += c;
    }
    return text;
}

std::optional<std::filesystem::path> pathFromText(const std::string& text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0')
            return std::nullopt;
        if (text[i] != '%') {
            bytes += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
        const int low = high < 0 ? -1 : digit(text[i + 2]);
        if (low < 0 || (high == 0 && low == 0))
            return std::nullopt;
        bytes += char(high << 4 | low);
        i += 2;
    }
    return std::filesystem::path(bytes);
}

} // namespace strata
