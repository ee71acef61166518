// SPDX-License-Identifier: Apache-2.0
// Internal to EngineClient.
#pragma once

#include "ui/bridge/engine_client.h"
#include "ui/bridge/worker_process.h"

#include <QPointer>

#include <functional>
#include <vector>

namespace strata::ui {

/// Keeps the jobs and the worker that does them. A job has its own id for the editor and another
/// for each time it is sent, so that what an earlier worker or an earlier try still says about it
/// is told from what counts.
class EngineClient::Private {
public:
    Private(EngineClient& client, Settings settings);

    void start();
    void stop();
    State state() const { return m_state; }
    const protocol::Hello& hello() const { return m_hello; }
    qint64 processId() const { return m_worker ? m_worker->processId() : 0; }

    JobId add(JobKind kind, protocol::Request request);
    void cancel(JobId id);
    void cancelPreviews();
    void pause(JobId id);
    void resume(JobId id);
    QList<JobInfo> jobs() const;
    void listModels();

private:
    struct Job {
        JobInfo info;
        protocol::Request request;
        JobId sentAs = 0; // 0: the worker does not have it
        bool cancelWanted = false;
        bool pauseWanted = false;
    };

    // The worker (engine_client_worker.cpp).
    void launch();
    void workerIsReady(const protocol::Hello& hello);
    void workerEnded(WorkerProcess::End end, const QString& reason);
    void startAgain(const QString& reason, bool jobWasAtFault);
    void becomeUnavailable(const QString& reason);
    void setState(State state);
    void receive(const protocol::Event& event);
    void changeState(const protocol::StateChanged& change);
    void endFailed(const protocol::Failed& failed);

    // The jobs (engine_client_jobs.cpp).
    Job* find(JobId id);
    Job* findSent(JobId sentAs);
    void sendWaiting();
    void stopSent(Job& job);
    /// Takes the jobs from a worker that is gone. True if one was being worked at.
    bool takeBackJobs(const QString& reason);
    void fail(JobId id, ErrorCode code, const QString& message);
    void drop(JobId id);
    /// Calls from the event loop, so that no signal comes before the caller has the id.
    void later(std::function<void()> call);

    EngineClient& m_client;
    Settings m_settings;
    State m_state = State::Stopped;
    protocol::Hello m_hello;
    QString m_whyUnavailable;
    std::vector<Job> m_jobs;
    JobId m_lastId = 0, m_lastSent = 0;
    bool m_modelsWanted = false;
    bool m_lost = false; // workerRestarted() is due
    int m_failures = 0;  // in a row that no job explains
    int m_delayMs = 0;   // before the next start
    QTimer m_restart;
    QPointer<WorkerProcess> m_worker; // a child of the client
};

} // namespace strata::ui
