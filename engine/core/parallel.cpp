// SPDX-License-Identifier: Apache-2.0
#include "engine/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace strata {
namespace {

thread_local bool insidePiece = false;

struct Task {
    const std::function<void(std::int64_t, std::int64_t)>* body;
    std::int64_t end;
    std::int64_t grain;
    std::atomic<std::int64_t> next;

    void work() {
        insidePiece = true;
        for (std::int64_t at; (at = next.fetch_add(grain)) < end;)
            (*body)(at, std::min(end, at + grain));
        insidePiece = false;
    }
};

/// Helper threads that live as long as the program; one task at a time.
class Pool {
public:
    Pool() {
        for (unsigned i = 1; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
            m_threads.emplace_back([this](std::stop_token stop) { loop(stop); });
    }

    ~Pool() {
        for (auto& thread : m_threads)
            thread.request_stop();
        m_wake.notify_all();
    }

    int size() const { return int(m_threads.size()) + 1; }

    void run(Task& task) {
        const std::lock_guard oneAtATime(m_callers);
        {
            const std::lock_guard lock(m_mutex);
            m_task = &task;
            m_busy = int(m_threads.size());
            ++m_round;
        }
        m_wake.notify_all();
        task.work();
        std::unique_lock lock(m_mutex);
        m_done.wait(lock, [this] { return m_busy == 0; });
        m_task = nullptr;
    }

private:
    void loop(const std::stop_token& stop) {
        std::uint64_t seen = 0;
        for (;;) {
            Task* task = nullptr;
            {
                std::unique_lock lock(m_mutex);
                m_wake.wait(lock, stop, [&] { return m_round != seen; });
                if (stop.stop_requested())
                    return;
                seen = m_round;
                task = m_task;
            }
            task->work();
            const std::lock_guard lock(m_mutex);
            if (--m_busy == 0)
                m_done.notify_one();
        }
    }

    std::mutex m_callers;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::condition_variable m_done;
    Task* m_task = nullptr;
    int m_busy = 0;
    std::uint64_t m_round = 0;
    std::vector<std::jthread> m_threads; // last: joined before what they use goes
};

Pool& pool() {
    static Pool instance;
    return instance;
}

} // namespace

void parallelFor(std::int64_t begin, std::int64_t end, std::int64_t grain,
                 const std::function<void(std::int64_t, std::int64_t)>& body) {
    if (end <= begin)
        return;
    grain = std::max<std::int64_t>(1, grain);
    if (insidePiece || end - begin <= grain || pool().size() == 1) {
        body(begin, end);
        return;
    }
    Task task{&body, end, grain, {begin}};
    pool().run(task);
}

int workerCount() { return pool().size(); }

} // namespace strata
