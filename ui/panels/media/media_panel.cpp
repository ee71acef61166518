// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/media/media_panel.h"

#include "ui/bridge/text.h"
#include "ui/commands/media_commands.h"
#include "ui/theme/icons.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QListWidget>
#include <QMimeData>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

Icon iconOf(MediaKind kind) {
    switch (kind) {
    case MediaKind::Clip:
        return Icon::Film;
    case MediaKind::Picture:
        return Icon::Picture;
    case MediaKind::Motion:
        return Icon::Motion;
    case MediaKind::Template:
        break;
    }
    return Icon::Folder;
}

/// Items can be dragged out as files.
class MediaList : public QListWidget {
public:
    using QListWidget::QListWidget;

protected:
    QMimeData* mimeData(const QList<QListWidgetItem*>& items) const override {
        auto* data = new QMimeData; // Qt takes it over
        QList<QUrl> urls;
        for (const QListWidgetItem* item : items)
            urls << QUrl::fromLocalFile(item->toolTip());
        data->setUrls(urls);
        return data;
    }
};

QToolButton* button(QWidget* parent, Icon icon, const QString& name) {
    auto* made = new QToolButton(parent);
    made->setIcon(themeIcon(icon));
    made->setAutoRaise(true);
    made->setToolTip(name);
    made->setAccessibleName(name);
    return made;
}

} // namespace

MediaPanel::MediaPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_list(new MediaList(this)) {
    setAcceptDrops(true);
    m_list->setAccessibleName(tr("Files of the project"));
    m_list->setDragEnabled(true);
    auto* add = button(this, Icon::Plus, tr("Add files"));
    auto* drop = button(this, Icon::Trash, tr("Take the selected file out of the project"));
    auto* row = new QHBoxLayout;
    row->addWidget(add);
    row->addWidget(drop);
    row->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->addWidget(m_list);
    layout->addLayout(row);
    connect(add, &QToolButton::clicked, this, &MediaPanel::addFiles);
    connect(drop, &QToolButton::clicked, this, &MediaPanel::remove);
    connect(m_list, &QListWidget::itemActivated, this, &MediaPanel::activate);
    Document& document = session.document();
    for (auto signal :
         {&Document::projectReplaced, &Document::mediaChanged, &Document::clipChanged})
        connect(&document, signal, this, &MediaPanel::refresh);
    refresh();
}

void MediaPanel::refresh() {
    const Project& project = m_session.document().project();
    m_list->clear();
    for (const MediaItem& medium : project.media) {
        std::error_code failed;
        const bool missing = !std::filesystem::exists(medium.path, failed);
        const QString name = toQt(medium.path.filename());
        auto* item = new QListWidgetItem(
            themeIcon(missing ? Icon::Warning : iconOf(medium.kind)),
            missing ? tr("%1 (missing, double-click to find it)").arg(name) : name, m_list);
        item->setToolTip(toQt(medium.path));
        item->setData(Qt::UserRole, qlonglong(number(medium.id)));
        QFont font = item->font();
        font.setBold(project.clip == medium.id);
        item->setFont(font);
    }
}

const MediaItem* MediaPanel::itemOf(const QListWidgetItem* item) const {
    return item
               ? m_session.document().project().find(MediaId{item->data(Qt::UserRole).toLongLong()})
               : nullptr;
}

void MediaPanel::addFiles() {
    for (const QString& path : QFileDialog::getOpenFileNames(this, tr("Add Files")))
        m_session.addMedia(toPath(path));
}

void MediaPanel::remove() {
    if (const MediaItem* medium = itemOf(m_list->currentItem()))
        m_session.check(MediaCommands(m_session.document()).remove(medium->id));
}

void MediaPanel::relink(MediaId id) {
    const QString path = QFileDialog::getOpenFileName(this, tr("Where Is the File Now?"));
    if (!path.isEmpty())
        m_session.relink(id, toPath(path));
}

void MediaPanel::activate(const QListWidgetItem* item) {
    const MediaItem* medium = itemOf(item);
    if (!medium)
        return;
    std::error_code failed;
    if (!std::filesystem::exists(medium->path, failed))
        relink(medium->id);
    else if (medium->kind == MediaKind::Clip)
        m_session.open(medium->path);
}

void MediaPanel::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->source() != m_list)
        event->acceptProposedAction();
}

void MediaPanel::dropEvent(QDropEvent* event) {
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            m_session.addMedia(toPath(url.toLocalFile()));
    event->acceptProposedAction();
}

} // namespace strata::ui
