// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/line_reader.h"

#include <utility>

namespace strata::protocol {

void LineReader::add(std::string_view bytes) {
    m_bytes.erase(0, m_begin);
    m_scanned -= m_begin;
    m_begin = 0;
    m_bytes += bytes;
}

std::optional<LineReader::Line> LineReader::next() {
    while (true) {
        const auto end = m_bytes.find('\n', m_scanned);
        const bool complete = end != std::string::npos;
        const std::size_t stop = complete ? end : m_bytes.size();
        const bool tooLong = stop - m_begin >= m_maxBytes;
        if (!complete && !tooLong) {
            m_scanned = stop;
            return {};
        }
        if (!complete) { // told now, so that a sender without line ends is noticed; once
            const bool toldBefore = std::exchange(m_skipping, true);
            m_begin = m_scanned = stop;
            if (toldBefore)
                return {};
            return Line{{}, true};
        }
        std::string text = m_bytes.substr(m_begin, end - m_begin);
        m_begin = m_scanned = end + 1;
        if (std::exchange(m_skipping, false))
            continue;
        if (tooLong)
            return Line{{}, true};
        if (text.ends_with('\r'))
            text.pop_back();
        return Line{std::move(text), false};
    }
}

} // namespace strata::protocol
