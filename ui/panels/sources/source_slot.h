// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/media_item.h"
#include "ui/session/session.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace strata::ui {

/// A place for one source: shows its thumbnail and name, takes a file that is dropped on it, opens
/// a file dialog when clicked or activated by key, and can be cleared.
class SourceSlotWidget : public QFrame {
    Q_OBJECT
public:
    SourceSlotWidget(SourceSlot slot, QWidget* parent = nullptr);

    /// Null: empty, the clip's own stays.
    void show(const MediaItem* item);
    SourceSlot slot() const { return m_slot; }
    /// Asks for a file of the right kind.
    void choose();

Q_SIGNALS:
    void fileChosen(const QString& path);
    void cleared();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void setHighlighted(bool on);

    SourceSlot m_slot;
    QLabel *m_picture, *m_name; // parent-owned
    QToolButton* m_clear;       // parent-owned
};

/// Whether a file of this kind can go into the slot.
bool canServe(SourceSlot slot, const std::filesystem::path& path);

} // namespace strata::ui
