// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/job_queue.h"

#include <algorithm>

namespace strata::cli {

using namespace protocol;

namespace {

JobId idOf(const Request& job) {
    return std::visit(
        [](const auto& request) -> JobId {
            if constexpr (requires { request.id; })
                return request.id;
            else
                return 0;
        },
        job);
}

bool isPreview(const Request& job) { return std::holds_alternative<Preview>(job); }

} // namespace

void JobQueue::submit(Request job) {
    const JobId id = idOf(job);
    const std::scoped_lock lock(m_mutex);
    if (m_closed)
        return tellCancelled(id);
    const auto same = [id](const Entry& entry) { return entry.id == id; };
    if ((m_running && same(*m_running)) || std::ranges::any_of(m_waiting, same)) {
        m_tell(Failed{0, ErrorCode::Usage,
                      "There is a job " + std::to_string(id) + " already; it goes on."});
        return;
    }
    if (m_waiting.size() >= kMaxWaiting) {
        m_tell(Failed{id, ErrorCode::Usage, "Too many jobs are waiting."});
        return;
    }
    m_tell(StateChanged{id, JobState::Queued});
    if (isPreview(job)) {
        cancelOlderPreviews();
        m_waiting.push_front({id, std::move(job)});
    } else {
        m_waiting.push_back({id, std::move(job)});
    }
    m_changed.notify_all();
}

void JobQueue::cancel(JobId id) {
    const std::scoped_lock lock(m_mutex);
    if (m_running && m_running->id == id)
        return stopRunning();
    const auto found =
        std::ranges::find_if(m_waiting, [id](const Entry& entry) { return entry.id == id; });
    if (found == m_waiting.end())
        return; // has ended meanwhile
    m_waiting.erase(found);
    tellCancelled(id);
}

std::optional<JobQueue::Taken> JobQueue::take() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_closed || !m_waiting.empty(); });
    if (m_waiting.empty())
        return {};
    m_running = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_stop = {};
    m_tell(StateChanged{m_running->id, JobState::Running});
    return Taken{m_running->id, m_running->job, m_stop.get_token()};
}

void JobQueue::finish(const Result<JobReport>& result) {
    const std::scoped_lock lock(m_mutex);
    if (result)
        m_tell(Finished{m_running->id, *result});
    else
        m_tell(Failed{m_running->id, result.error().code, result.error().message});
    m_running.reset();
}

void JobQueue::close() {
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    while (!m_waiting.empty()) {
        tellCancelled(m_waiting.front().id);
        m_waiting.pop_front();
    }
    if (m_running)
        stopRunning();
    m_changed.notify_all();
}

void JobQueue::stopRunning() {
    if (m_stop.request_stop())
        m_tell(StateChanged{m_running->id, JobState::Cancelling});
}

void JobQueue::cancelOlderPreviews() {
    if (m_running && isPreview(m_running->job))
        stopRunning();
    std::erase_if(m_waiting, [this](const Entry& entry) {
        if (isPreview(entry.job))
            tellCancelled(entry.id);
        return isPreview(entry.job);
    });
}

void JobQueue::tellCancelled(JobId id) {
    const Error error = cancelled();
    m_tell(Failed{id, error.code, error.message});
}

} // namespace strata::cli
