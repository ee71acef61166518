// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace strata {

/// Appends one code point; what is none becomes U+FFFD.
void appendUtf8(std::string& out, char32_t code);
/// Code points of UTF-8 text; broken sequences become U+FFFD.
std::u32string toUtf32(std::string_view text);
/// The text itself if it is UTF-8, else its bytes taken as Latin-1.
std::string validUtf8(std::string_view text);

} // namespace strata
