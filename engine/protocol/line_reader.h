// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/protocol/codec.h"

#include <optional>
#include <string>
#include <string_view>

namespace strata::protocol {

/// Cuts a stream of bytes into lines. Keeps at most one line and what was added last.
class LineReader {
public:
    struct Line {
        std::string text;     // without its end ("\n" or "\r\n")
        bool tooLong = false; // `text` is empty then
    };

    explicit LineReader(std::size_t maxBytes = kMaxLineBytes)
        : m_maxBytes(maxBytes) {}

    void add(std::string_view bytes);
    /// The next complete line; nothing when more bytes are needed. To be called until then, after
    /// each add().
    std::optional<Line> next();

private:
    std::size_t m_maxBytes; // of a line with its end
    std::string m_bytes;
    std::size_t m_begin = 0;   // of the line that is not complete yet
    std::size_t m_scanned = 0; // no end of a line before
    bool m_skipping = false;   // the rest of a line that is too long
};

} // namespace strata::protocol
