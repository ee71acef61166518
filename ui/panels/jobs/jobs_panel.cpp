// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/jobs/jobs_panel.h"

#include "ui/panels/jobs/job_delegate.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QUrl>
#include <QVBoxLayout>

namespace strata::ui {

JobsPanel::JobsPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_view(new QListView(this))
    , m_log(new QPlainTextEdit(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_pause(new QPushButton(tr("Pause"), this))
    , m_reveal(new QPushButton(tr("Open Result"), this)) {
    m_view->setModel(&session.jobs());
    m_view->setItemDelegate(new JobDelegate(session.jobs(), m_view)); // parent-owned
    m_view->setAccessibleName(tr("Jobs"));
    m_log->setReadOnly(true);
    m_log->setPlaceholderText(tr("What the selected job says appears here."));
    m_log->setAccessibleName(tr("Log of the selected job"));
    auto* clear = new QPushButton(tr("Clear Ended"), this);
    auto* buttons = new QHBoxLayout;
    for (QPushButton* each : {m_cancel, m_pause, m_reveal, clear})
        buttons->addWidget(each);
    buttons->addStretch();
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->addWidget(m_view);
    split->addWidget(m_log);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->addWidget(split);
    layout->addLayout(buttons);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        refreshButtons();
        refreshLog();
    });
    JobList& jobs = session.jobs();
    connect(&jobs, &QAbstractItemModel::dataChanged, this, [this] {
        refreshButtons();
        refreshLog();
    });
    connect(&jobs, &QAbstractItemModel::modelReset, this, &JobsPanel::refreshButtons);
    connect(&jobs, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first) {
        m_view->setCurrentIndex(m_session.jobs().index(first));
    });
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (const JobEntry* job = current())
            m_session.engine().cancel(job->id);
    });
    connect(m_pause, &QPushButton::clicked, this, &JobsPanel::pauseOrResume);
    connect(m_reveal, &QPushButton::clicked, this, [this] {
        if (const JobEntry* job = current())
            QDesktopServices::openUrl(QUrl::fromLocalFile(job->result));
    });
    connect(clear, &QPushButton::clicked, &jobs, &JobList::clearEnded);
    refreshButtons();
}

const JobEntry* JobsPanel::current() const {
    const QModelIndex index = m_view->currentIndex();
    const auto& entries = m_session.jobs().entries();
    return index.isValid() && index.row() < int(entries.size()) ? &entries[std::size_t(index.row())]
                                                                : nullptr;
}

void JobsPanel::refreshButtons() {
    const JobEntry* job = current();
    const bool active = job && job->isActive() && job->phase != JobPhase::Cancelling;
    const bool paused = active && job->phase == JobPhase::Paused;
    m_cancel->setEnabled(active);
    m_pause->setEnabled(active);
    m_pause->setText(paused ? tr("Go On") : tr("Pause"));
    m_reveal->setEnabled(job && job->end == JobEntry::End::Finished && !job->result.isEmpty());
}

void JobsPanel::refreshLog() {
    const JobEntry* job = current();
    QStringList lines = job ? job->log : QStringList();
    if (job && job->end != JobEntry::End::No && !job->result.isEmpty())
        lines << job->result;
    const QString text = lines.join(QLatin1Char('\n'));
    if (text != m_log->toPlainText())
        m_log->setPlainText(text);
}

void JobsPanel::pauseOrResume() {
    const JobEntry* job = current();
    if (!job)
        return;
    if (job->phase == JobPhase::Paused)
        m_session.engine().resume(job->id);
    else
        m_session.engine().pause(job->id);
}

} // namespace strata::ui
