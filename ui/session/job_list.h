// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/bridge/engine_client.h"

#include <QAbstractListModel>
#include <QDateTime>

#include <vector>

namespace strata::ui {

/// One job as it is shown; stays after its end until it is cleared.
struct JobEntry {
    enum class End { No, Finished, Failed, Cancelled };

    JobId id = 0;
    JobKind kind = JobKind::Decompose;
    QString title; // what it does, such as "Take apart walk.mp4"
    QString stage; // as last told
    JobPhase phase = JobPhase::Waiting;
    double fraction = 0;     // 0..1
    double fps = 0;          // 0: not known
    double secondsLeft = -1; // below 0: not known
    End end = End::No;
    QString result; // a file that was written, or the sentence of a failure
    QStringList log;
    QDateTime started;

    bool isActive() const { return end == End::No; }
};

/// All jobs since the start of the program, oldest first, kept up to date by the client's signals.
/// Previews come and go too often to be shown; they are left out.
class JobList : public QAbstractListModel {
    Q_OBJECT
public:
    explicit JobList(EngineClient& engine, QObject* parent = nullptr);

    /// Says what a job that was just asked for does.
    void add(JobId id, JobKind kind, const QString& title);
    const std::vector<JobEntry>& entries() const { return m_entries; }
    const JobEntry* find(JobId id) const;
    int activeCount() const;
    /// Of the active jobs together, 0..1; 1 when there are none.
    double overallFraction() const;
    void clearEnded();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    void activityChanged(); // number of active jobs or their progress
    void ended(const strata::ui::JobEntry& entry);

private:
    template <typename Edit>
    void edit(JobId id, Edit&& change);
    void end(JobId id, JobEntry::End how, const QString& result);

    std::vector<JobEntry> m_entries;
};

/// "42 %, 3.1 frames a second, 2 min left"
QString progressText(const JobEntry& entry);

} // namespace strata::ui
