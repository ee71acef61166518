// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/protocol/messages.h"

#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>

namespace strata::ui {

using protocol::JobId;

enum class JobKind { Decompose, Preview, Edit, FetchModels };

/// Waiting: not sent, because there is no worker at the moment.
enum class JobPhase { Waiting, Queued, Running, Cancelling, Paused };

/// A job that has not ended.
struct JobInfo {
    JobId id = 0;
    JobKind kind = JobKind::Decompose;
    JobPhase phase = JobPhase::Waiting;
    protocol::ProgressMade progress; // as last told
    int crashes = 0;                 // of workers that were at this job
};

/// Starts `strata worker`, watches it and speaks with it. Lives on the GUI thread, which it never
/// blocks; all signals come from there. A worker that dies or hangs is started again and gets its
/// jobs again, which go on from the cache.
class EngineClient : public QObject {
    Q_OBJECT

public:
    struct Settings {
        QString program; // empty: $STRATA_WORKER, else `strata` beside this program, else in PATH
        QStringList arguments = {"worker"};
        int helloTimeoutMs = 60000; // loading LibTorch takes long on a busy machine
        int pingEveryMs = 2000;
        int hungAfterMs = 10000;
        int firstDelayMs = 250; // before a worker is started again; doubles up to maxDelayMs
        int maxDelayMs = 8000;
        int maxCrashes = 3;    // of a job, then it fails
        int maxFailures = 5;   // in a row that no job explains, then start() must be called again
        int shutdownMs = 3000; // for the worker to end by itself
    };

    enum class State { Stopped, Starting, Ready, Unavailable };

    explicit EngineClient(Settings settings, QObject* parent = nullptr);
    /// Takes the worker along; waits for it at most 200 ms.
    ~EngineClient() override;

    void start();
    /// Asks the worker to end, which it has Settings::shutdownMs for. Jobs are dropped silently.
    void stop();

    State state() const;
    /// As the worker introduced itself; empty before the first workerReady().
    const protocol::Hello& worker() const;
    qint64 processId() const; // of the worker; 0 while there is none

    /// Each returns at once with the new job's number; what comes of it is told by signals, the
    /// first of which comes from the event loop. Jobs asked for before there is a worker wait for
    /// it. `id` of the request is filled in here.
    JobId decompose(protocol::Decompose request);
    JobId preview(protocol::Preview request); // cancels all older previews
    JobId edit(protocol::Edit request);
    JobId fetchModels(const QString& nameOrGroup);

    void cancel(JobId id); // ends with jobCancelled(); of jobs that ended nothing comes
    /// Stops the job but keeps it; resume() queues it again and it goes on from the cache.
    void pause(JobId id);
    void resume(JobId id);

    /// In the order they were asked for.
    QList<JobInfo> jobs() const;

    /// Answered by modelsListed(), when there is a worker.
    void listModels();

Q_SIGNALS:
    void stateChanged(strata::ui::EngineClient::State state);
    void workerReady(const strata::protocol::Hello& worker); // after every handshake
    /// The worker died or was killed for good reason; a new one follows after a pause. `reason` is
    /// a sentence.
    void workerLost(const QString& reason);
    void workerRestarted(); // after workerLost(): the new one is ready, its jobs are sent again
    /// There is none and none will be tried until start(). All jobs have failed.
    void workerUnavailable(const QString& reason);
    void workerLogged(const QString& line); // what the worker printed beside the protocol

    void jobQueued(strata::protocol::JobId id);
    void jobStarted(strata::protocol::JobId id); // again after a crash or resume()
    void jobProgressed(const strata::protocol::ProgressMade& progress);
    void chunkReady(const strata::protocol::ChunkStored& chunk); // may come twice, same key
    void peopleFound(const strata::protocol::PeopleFound& people);
    void jobLogged(strata::protocol::JobId id, const QString& sentence);
    void jobPaused(strata::protocol::JobId id);

    // Exactly one of these ends a job.
    void jobFinished(strata::protocol::JobId id, const strata::protocol::JobReport& report);
    void jobFailed(strata::protocol::JobId id, strata::ErrorCode code, const QString& message);
    void jobCancelled(strata::protocol::JobId id);

    void modelsListed(const std::vector<strata::protocol::Model>& models);

private:
    class Private;
    std::unique_ptr<Private> m;
};

} // namespace strata::ui
