// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/protocol/messages.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

namespace strata::cli {

/// The jobs of a worker: any thread puts them in and cancels them, one takes them out. Tells the
/// client about each what happens to it, in the order in which it happens.
class JobQueue {
public:
    static constexpr std::size_t kMaxWaiting = 1000;

    using Tell = std::function<void(const protocol::Event&)>;
    explicit JobQueue(Tell tell)
        : m_tell(std::move(tell)) {}

    /// A request that takes long. A preview is put before what waits, and older ones are cancelled.
    void submit(protocol::Request job);
    void cancel(protocol::JobId id);

    struct Taken {
        protocol::JobId id;
        protocol::Request job;
        std::stop_token stop;
    };
    /// Waits for the next job, which is running then; nothing after close(). finish() must follow.
    std::optional<Taken> take();
    void finish(const Result<protocol::JobReport>& result);

    /// Cancels everything; no job is taken in any more.
    void close();

private:
    struct Entry {
        protocol::JobId id = 0;
        protocol::Request job;
    };
    // All to be called with the mutex held.
    void stopRunning();
    void cancelOlderPreviews();
    void tellCancelled(protocol::JobId id);

    Tell m_tell;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Entry> m_waiting;
    std::optional<Entry> m_running;
    std::stop_source m_stop; // of the running one
    bool m_closed = false;
};

} // namespace strata::cli
