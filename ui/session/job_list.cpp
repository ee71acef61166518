// SPDX-License-Identifier: Apache-2.0
#include "ui/session/job_list.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr int kMostLogLines = 500;

// The names that the engine gives the stages of a job.
[[maybe_unused]] constexpr const char* kStages[] = {
    QT_TRANSLATE_NOOP("Stage", "people"),   QT_TRANSLATE_NOOP("Stage", "matte"),
    QT_TRANSLATE_NOOP("Stage", "steady"),   QT_TRANSLATE_NOOP("Stage", "camera"),
    QT_TRANSLATE_NOOP("Stage", "depth"),    QT_TRANSLATE_NOOP("Stage", "body"),
    QT_TRANSLATE_NOOP("Stage", "layers"),   QT_TRANSLATE_NOOP("Stage", "plate"),
    QT_TRANSLATE_NOOP("Stage", "identity"), QT_TRANSLATE_NOOP("Stage", "light"),
    QT_TRANSLATE_NOOP("Stage", "generate"), QT_TRANSLATE_NOOP("Stage", "render"),
    QT_TRANSLATE_NOOP("Stage", "preview"),  QT_TRANSLATE_NOOP("Stage", "write"),
};

/// One that is not known here keeps the engine's name.
QString stageText(const std::string& stage) {
    return QCoreApplication::translate("Stage", stage.c_str());
}

QString durationText(double seconds) {
    if (seconds < 90)
        return JobList::tr("%1 s left").arg(int(std::ceil(seconds)));
    if (seconds < 5400)
        return JobList::tr("%1 min left").arg(int(std::lround(seconds / 60)));
    return JobList::tr("%1 h left").arg(seconds / 3600, 0, 'f', 1);
}

QString stateText(const JobEntry& entry) {
    switch (entry.end) {
    case JobEntry::End::Finished:
        return JobList::tr("Done");
    case JobEntry::End::Failed:
        return JobList::tr("Failed");
    case JobEntry::End::Cancelled:
        return JobList::tr("Cancelled");
    case JobEntry::End::No:
        break;
    }
    switch (entry.phase) {
    case JobPhase::Waiting:
        return JobList::tr("Waiting for the engine");
    case JobPhase::Queued:
        return JobList::tr("Queued");
    case JobPhase::Cancelling:
        return JobList::tr("Stopping");
    case JobPhase::Paused:
        return JobList::tr("Paused");
    case JobPhase::Running:
        break;
    }
    return {};
}

} // namespace

QString progressText(const JobEntry& entry) {
    if (const QString state = stateText(entry); !state.isEmpty())
        return state;
    QStringList parts{JobList::tr("%1 %").arg(int(entry.fraction * 100))};
    if (!entry.stage.isEmpty())
        parts.prepend(entry.stage);
    if (entry.fps > 0)
        parts << JobList::tr("%1 frames/s").arg(entry.fps, 0, 'f', entry.fps < 10 ? 1 : 0);
    if (entry.secondsLeft >= 0)
        parts << durationText(entry.secondsLeft);
    return parts.join(JobList::tr(", ", "between the parts of a job's state"));
}

JobList::JobList(EngineClient& engine, QObject* parent)
    : QAbstractListModel(parent) {
    const auto phase = [this](JobPhase value) {
        return [this, value](JobId id) { edit(id, [&](JobEntry& e) { e.phase = value; }); };
    };
    connect(&engine, &EngineClient::jobQueued, this, phase(JobPhase::Queued));
    connect(&engine, &EngineClient::jobStarted, this, phase(JobPhase::Running));
    connect(&engine, &EngineClient::jobPaused, this, phase(JobPhase::Paused));
    connect(&engine, &EngineClient::jobProgressed, this, [this](const protocol::ProgressMade& p) {
        edit(p.id, [&](JobEntry& e) {
            e.phase = JobPhase::Running;
            e.stage = stageText(p.stage);
            e.fraction = p.fraction;
            e.fps = p.fps;
            e.secondsLeft = p.secondsLeft.value_or(-1);
        });
    });
    connect(&engine, &EngineClient::jobLogged, this, [this](JobId id, const QString& sentence) {
        edit(id, [&](JobEntry& e) {
            if (e.log.size() < kMostLogLines)
                e.log << sentence;
        });
    });
    connect(&engine, &EngineClient::jobFinished, this,
            [this](JobId id, const protocol::JobReport& report) {
                if (!report.note.empty())
                    edit(id, [&](JobEntry& e) { e.log << toQt(report.note); });
                end(id, JobEntry::End::Finished, toQt(report.out));
            });
    connect(&engine, &EngineClient::jobFailed, this,
            [this](JobId id, ErrorCode, const QString& message) {
                end(id, JobEntry::End::Failed, message);
            });
    connect(&engine, &EngineClient::jobCancelled, this,
            [this](JobId id) { end(id, JobEntry::End::Cancelled, {}); });
}

void JobList::add(JobId id, JobKind kind, const QString& title) {
    const int row = int(m_entries.size());
    beginInsertRows({}, row, row);
    JobEntry entry;
    entry.id = id;
    entry.kind = kind;
    entry.title = title;
    entry.started = QDateTime::currentDateTime();
    m_entries.push_back(std::move(entry));
    endInsertRows();
    Q_EMIT activityChanged();
}

const JobEntry* JobList::find(JobId id) const {
    const auto found = std::ranges::find(m_entries, id, &JobEntry::id);
    return found == m_entries.end() ? nullptr : &*found;
}

int JobList::activeCount() const {
    return int(std::ranges::count_if(m_entries, &JobEntry::isActive));
}

double JobList::overallFraction() const {
    double sum = 0;
    for (const JobEntry& entry : m_entries)
        if (entry.isActive())
            sum += entry.fraction;
    const int count = activeCount();
    return count > 0 ? sum / count : 1;
}

void JobList::clearEnded() {
    beginResetModel();
    std::erase_if(m_entries, [](const JobEntry& entry) { return !entry.isActive(); });
    endResetModel();
}

template <typename Edit>
void JobList::edit(JobId id, Edit&& change) {
    const auto found = std::ranges::find(m_entries, id, &JobEntry::id);
    if (found == m_entries.end())
        return;
    change(*found);
    const QModelIndex at = index(int(found - m_entries.begin()));
    Q_EMIT dataChanged(at, at);
    Q_EMIT activityChanged();
}

void JobList::end(JobId id, JobEntry::End how, const QString& result) {
    edit(id, [&](JobEntry& entry) {
        entry.end = how;
        entry.result = result;
        if (how == JobEntry::End::Finished)
            entry.fraction = 1;
    });
    if (const JobEntry* entry = find(id))
        Q_EMIT ended(JobEntry(*entry));
}

int JobList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant JobList::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const JobEntry& entry = m_entries[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return entry.title;
    case Qt::ToolTipRole:
        return entry.result.isEmpty() ? progressText(entry) : entry.result;
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(entry.title, progressText(entry));
    default:
        return {};
    }
}

} // namespace strata::ui
