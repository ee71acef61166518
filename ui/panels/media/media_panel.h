// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/session.h"

#include <QWidget>

class QListWidget;
class QListWidgetItem;

namespace strata::ui {

/// The files of the project: takes files that are dropped, gives them to the source slots by
/// dragging, finds missing ones again.
class MediaPanel : public QWidget {
    Q_OBJECT
public:
    explicit MediaPanel(Session& session, QWidget* parent = nullptr);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void refresh();
    void addFiles();
    void remove();
    void relink(MediaId id);
    void activate(const QListWidgetItem* item);
    const MediaItem* itemOf(const QListWidgetItem* item) const;

    Session& m_session;
    QListWidget* m_list; // parent-owned
};

} // namespace strata::ui
