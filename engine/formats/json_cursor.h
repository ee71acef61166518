// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace strata {

/// Walks JSON text for readers that know what they expect. A mismatch sets failed(), which stays;
/// values that are not wanted are skipped without recursion.
class JsonCursor {
public:
    explicit JsonCursor(std::string_view text)
        : m_rest(text) {}

    bool failed() const { return m_failed; }
    bool accept(char wanted);
    void expect(char wanted);
    std::string string();
    std::uint64_t number(); // not negative, whole
    void skipValue();
    /// Nothing but blanks is left.
    bool atEnd();

private:
    void blanks();
    void fail() {
        m_failed = true;
        m_rest = {};
    }
    std::string_view m_rest;
    bool m_failed = false;
};

std::string jsonQuoted(std::string_view text);

} // namespace strata
