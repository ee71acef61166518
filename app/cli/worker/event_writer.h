// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/protocol/messages.h"

#include <mutex>
#include <stop_token>

namespace strata::cli {

/// Writes events to the client, one whole line each, from any thread. Waits while the client does
/// not read.
class EventWriter {
public:
    /// `out` stays open; SIGPIPE must be ignored.
    explicit EventWriter(int out)
        : m_out(out) {}

    void send(const protocol::Event& event);
    /// Asks to stop once the client does not take events any more.
    std::stop_token clientGone() const { return m_gone.get_token(); }

private:
    int m_out;
    std::mutex m_mutex;
    std::stop_source m_gone;
};

} // namespace strata::cli
