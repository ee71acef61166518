// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/engine_client_p.h"
#include "ui/bridge/worker_program.h"

#include <algorithm>

namespace strata::ui {
namespace {

constexpr qint64 kSteadyMs = 30000; // a worker that lived as long is no failure

template <typename... F>
struct Overloaded : F... {
    using F::operator()...;
};

} // namespace

EngineClient::Private::Private(EngineClient& client, Settings settings)
    : m_client(client)
    , m_settings(std::move(settings)) {
    m_restart.setSingleShot(true);
    QObject::connect(&m_restart, &QTimer::timeout, &m_client, [this] { launch(); });
}

void EngineClient::Private::start() {
    if (m_state == State::Starting || m_state == State::Ready)
        return;
    m_failures = 0;
    m_delayMs = m_settings.firstDelayMs;
    m_lost = false;
    launch();
    setState(State::Starting);
}

void EngineClient::Private::stop() {
    m_restart.stop();
    m_jobs.clear();
    m_modelsWanted = false;
    if (m_worker) {
        // It lives on until it has ended, without a say.
        QObject::disconnect(m_worker, nullptr, &m_client, nullptr);
        QObject::connect(m_worker, &WorkerProcess::ended, m_worker, &QObject::deleteLater);
        m_worker->askToEnd();
        m_worker = nullptr;
    }
    setState(State::Stopped);
}

void EngineClient::Private::launch() {
    m_worker = new WorkerProcess({workerProgram(m_settings.program), m_settings.arguments,
                                  m_settings.helloTimeoutMs, m_settings.pingEveryMs,
                                  m_settings.hungAfterMs, m_settings.shutdownMs},
                                 &m_client);
    const auto on = [this](auto signal, auto call) {
        QObject::connect(m_worker, signal, &m_client, call);
    };
    on(&WorkerProcess::ready, [this](const auto& hello) { workerIsReady(hello); });
    on(&WorkerProcess::received, [this](const auto& event) { receive(event); });
    on(&WorkerProcess::logged, [this](const QString& line) { Q_EMIT m_client.workerLogged(line); });
    on(&WorkerProcess::ended, [this](auto end, const QString& why) { workerEnded(end, why); });
    // Not from within start(): nobody is told anything before the event loop runs.
    QMetaObject::invokeMethod(m_worker, &WorkerProcess::start, Qt::QueuedConnection);
}

void EngineClient::Private::workerIsReady(const protocol::Hello& hello) {
    m_hello = hello;
    setState(State::Ready);
    Q_EMIT m_client.workerReady(m_hello);
    sendWaiting();
    if (m_modelsWanted)
        listModels();
    if (std::exchange(m_lost, false) && m_state == State::Ready)
        Q_EMIT m_client.workerRestarted();
}

void EngineClient::Private::workerEnded(WorkerProcess::End end, const QString& reason) {
    const bool steady = m_worker->readyForMs() > kSteadyMs;
    m_worker->deleteLater();
    m_worker = nullptr;
    if (steady) {
        m_failures = 0;
        m_delayMs = m_settings.firstDelayMs;
    }
    if (end != WorkerProcess::End::Failed)
        return becomeUnavailable(reason);
    const bool jobWasAtFault = takeBackJobs(reason);
    if (!m_worker && m_state != State::Stopped) // which whoever was told can have changed
        startAgain(reason, jobWasAtFault);
}

void EngineClient::Private::startAgain(const QString& reason, bool jobWasAtFault) {
    if (!jobWasAtFault && ++m_failures >= m_settings.maxFailures)
        return becomeUnavailable(
            EngineClient::tr("The worker failed %n times in a row. %1", nullptr, m_failures)
                .arg(reason));
    m_lost = true;
    m_restart.start(m_delayMs);
    m_delayMs = std::min(2 * m_delayMs, m_settings.maxDelayMs);
    setState(State::Starting);
    Q_EMIT m_client.workerLost(reason);
}

void EngineClient::Private::becomeUnavailable(const QString& reason) {
    m_whyUnavailable = reason;
    setState(State::Unavailable);
    Q_EMIT m_client.workerUnavailable(reason);
    for (const JobInfo& job : jobs())
        fail(job.id, ErrorCode::Internal, reason);
}

void EngineClient::Private::setState(State state) {
    if (std::exchange(m_state, state) != state)
        Q_EMIT m_client.stateChanged(state);
}

void EngineClient::Private::receive(const protocol::Event& event) {
    using namespace protocol;
    // Of what has an id: the event with the editor's id, if the job is still there.
    const auto forJob = [this](auto message, auto tell) {
        if (Job* job = findSent(message.id)) {
            message.id = job->info.id;
            tell(*job, message);
        }
    };
    std::visit(
        Overloaded{
            [&](const StateChanged& change) { changeState(change); },
            [&](const ProgressMade& progress) {
                forJob(progress, [this](Job& job, const ProgressMade& mine) {
                    job.info.progress = mine;
                    Q_EMIT m_client.jobProgressed(mine);
                });
            },
            [&](const ChunkStored& chunk) {
                forJob(chunk, [this](Job&, const auto& mine) { Q_EMIT m_client.chunkReady(mine); });
            },
            [&](const PeopleFound& people) {
                forJob(people,
                       [this](Job&, const auto& mine) { Q_EMIT m_client.peopleFound(mine); });
            },
            [&](const Finished& finished) {
                forJob(finished, [this](Job&, const Finished& mine) {
                    m_failures = 0;
                    m_delayMs = m_settings.firstDelayMs;
                    drop(mine.id);
                    Q_EMIT m_client.jobFinished(mine.id, mine.report);
                });
            },
            [&](const Failed& failed) { endFailed(failed); },
            [&](const ModelList& list) { Q_EMIT m_client.modelsListed(list.models); },
            [&](const Log& log) {
                const QString text = QString::fromStdString(log.text);
                if (log.id == 0)
                    Q_EMIT m_client.workerLogged(text);
                forJob(log,
                       [&](Job&, const Log& mine) { Q_EMIT m_client.jobLogged(mine.id, text); });
            },
            [](const auto&) {}, // Hello and Pong are the process's own
        },
        event);
}

void EngineClient::Private::changeState(const protocol::StateChanged& change) {
    Job* job = findSent(change.id);
    if (!job)
        return;
    const JobId id = job->info.id;
    switch (change.state) {
    case protocol::JobState::Queued:
        job->info.phase = JobPhase::Queued;
        Q_EMIT m_client.jobQueued(id);
        break;
    case protocol::JobState::Running:
        job->info.phase = JobPhase::Running;
        Q_EMIT m_client.jobStarted(id);
        break;
    case protocol::JobState::Cancelling:
        job->info.phase = JobPhase::Cancelling;
        break;
    }
}

void EngineClient::Private::endFailed(const protocol::Failed& failed) {
    Job* job = findSent(failed.id);
    const QString message = QString::fromStdString(failed.message);
    if (!job) {
        if (failed.code != ErrorCode::Cancelled) // of a job that was dropped
            Q_EMIT m_client.workerLogged(message);
        return;
    }
    const JobId id = job->info.id;
    if (failed.code == ErrorCode::Cancelled && job->pauseWanted && !job->cancelWanted) {
        job->info.phase = JobPhase::Paused;
        job->sentAs = 0;
        job->pauseWanted = false;
        Q_EMIT m_client.jobPaused(id);
        return;
    }
    fail(id, failed.code, message);
}

} // namespace strata::ui
