// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/engine_client_p.h"

#include <algorithm>

namespace strata::ui {
namespace {

protocol::Request withId(protocol::Request request, JobId id) {
    std::visit(
        [id](auto& message) {
            if constexpr (requires { message.id; })
                message.id = id;
        },
        request);
    return request;
}

} // namespace

JobId EngineClient::Private::add(JobKind kind, protocol::Request request) {
    Job job;
    job.info.id = ++m_lastId;
    job.info.kind = kind;
    job.request = std::move(request);
    m_jobs.push_back(std::move(job));
    later([this, id = m_lastId] {
        if (m_state == State::Unavailable)
            fail(id, ErrorCode::Internal, m_whyUnavailable);
        else
            sendWaiting();
    });
    return m_lastId;
}

void EngineClient::Private::cancel(JobId id) {
    Job* job = find(id);
    if (!job || std::exchange(job->cancelWanted, true))
        return;
    if (job->sentAs != 0)
        return stopSent(*job);
    later([this, id] { fail(id, ErrorCode::Cancelled, {}); });
}

void EngineClient::Private::cancelPreviews() {
    for (const JobInfo& info : jobs())
        if (info.kind == JobKind::Preview)
            cancel(info.id);
}

void EngineClient::Private::pause(JobId id) {
    Job* job = find(id);
    if (!job || job->cancelWanted || job->info.phase == JobPhase::Paused)
        return;
    if (job->sentAs != 0) {
        if (!std::exchange(job->pauseWanted, true))
            stopSent(*job);
        return;
    }
    job->info.phase = JobPhase::Paused;
    later([this, id] {
        if (const Job* paused = find(id); paused && paused->info.phase == JobPhase::Paused)
            Q_EMIT m_client.jobPaused(id);
    });
}

void EngineClient::Private::resume(JobId id) {
    Job* job = find(id);
    if (!job || job->info.phase != JobPhase::Paused)
        return;
    job->info.phase = JobPhase::Waiting;
    later([this] { sendWaiting(); });
}

QList<JobInfo> EngineClient::Private::jobs() const {
    QList<JobInfo> infos;
    for (const Job& job : m_jobs)
        infos.append(job.info);
    return infos;
}

void EngineClient::Private::listModels() {
    m_modelsWanted = m_state != State::Ready;
    if (!m_modelsWanted)
        m_worker->send(protocol::ListModels{++m_lastSent});
}

EngineClient::Private::Job* EngineClient::Private::find(JobId id) {
    const auto found = std::ranges::find_if(m_jobs, [id](const Job& j) { return j.info.id == id; });
    return found == m_jobs.end() ? nullptr : &*found;
}

EngineClient::Private::Job* EngineClient::Private::findSent(JobId sentAs) {
    const auto found = std::ranges::find_if(
        m_jobs, [sentAs](const Job& j) { return sentAs != 0 && j.sentAs == sentAs; });
    return found == m_jobs.end() ? nullptr : &*found;
}

void EngineClient::Private::sendWaiting() {
    if (m_state != State::Ready)
        return;
    for (Job& job : m_jobs)
        if (job.sentAs == 0 && job.info.phase == JobPhase::Waiting && !job.cancelWanted) {
            job.sentAs = ++m_lastSent;
            m_worker->send(withId(job.request, job.sentAs));
        }
}

void EngineClient::Private::stopSent(Job& job) {
    job.info.phase = JobPhase::Cancelling;
    m_worker->send(protocol::Cancel{job.sentAs});
}

bool EngineClient::Private::takeBackJobs(const QString& reason) {
    bool workedAt = false;
    std::vector<JobId> cancelled, paused, hopeless;
    for (Job& job : m_jobs) {
        if (job.sentAs == 0)
            continue;
        const bool running =
            job.info.phase == JobPhase::Running || job.info.phase == JobPhase::Cancelling;
        workedAt = workedAt || running;
        job.sentAs = 0;
        job.info.phase = JobPhase::Waiting;
        if (job.cancelWanted) {
            cancelled.push_back(job.info.id);
        } else if (std::exchange(job.pauseWanted, false)) {
            job.info.phase = JobPhase::Paused;
            paused.push_back(job.info.id);
        } else if (running && ++job.info.crashes >= m_settings.maxCrashes) {
            hopeless.push_back(job.info.id);
        }
    }
    for (const JobId id : cancelled)
        fail(id, ErrorCode::Cancelled, {});
    for (const JobId id : paused)
        Q_EMIT m_client.jobPaused(id);
    for (const JobId id : hopeless)
        fail(id, ErrorCode::Internal,
             EngineClient::tr("The worker failed %n times at this job, so it is given up. %1",
                              nullptr, m_settings.maxCrashes)
                 .arg(reason));
    return workedAt;
}

void EngineClient::Private::fail(JobId id, ErrorCode code, const QString& message) {
    if (!find(id))
        return;
    drop(id);
    if (code == ErrorCode::Cancelled)
        Q_EMIT m_client.jobCancelled(id);
    else
        Q_EMIT m_client.jobFailed(id, code, message);
}

void EngineClient::Private::drop(JobId id) {
    std::erase_if(m_jobs, [id](const Job& job) { return job.info.id == id; });
}

void EngineClient::Private::later(std::function<void()> call) {
    QMetaObject::invokeMethod(&m_client, std::move(call), Qt::QueuedConnection);
}

} // namespace strata::ui
