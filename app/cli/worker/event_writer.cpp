// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/event_writer.h"

#include "engine/protocol/codec.h"

#include <cerrno>
#include <string_view>
#include <unistd.h>

namespace strata::cli {
namespace {

bool writeAll(int out, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(out, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(std::size_t(written));
    }
    return true;
}

protocol::JobId idOf(const protocol::Event& event) {
    return std::visit(
        [](const auto& message) -> protocol::JobId {
            if constexpr (requires { message.id; })
                return message.id;
            else
                return 0;
        },
        event);
}

} // namespace

void EventWriter::send(const protocol::Event& event) {
    std::string line = protocol::encode(event);
    if (line.size() >= protocol::kMaxLineBytes)
        line = protocol::encode(protocol::Event(
            protocol::Log{idOf(event), "A message was left out because it is too long."}));
    line += '\n';
    bool gone = false;
    {
        const std::scoped_lock lock(m_mutex);
        gone = !m_gone.stop_requested() && !writeAll(m_out, line);
    }
    if (gone)
        m_gone.request_stop(); // runs callbacks, which may send
}

} // namespace strata::cli
