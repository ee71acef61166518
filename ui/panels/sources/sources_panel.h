// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/panels/sources/source_slot.h"

#include <QWidget>

class QComboBox;

namespace strata::ui {

/// What replaces the chosen person's look and movement, and the scene.
class SourcesPanel : public QWidget {
    Q_OBJECT
public:
    explicit SourcesPanel(Session& session, QWidget* parent = nullptr);

    /// Asks for a file for that slot, as a click on it does.
    void choose(SourceSlot slot);
    /// A file that was dropped somewhere else in the window.
    void drop(SourceSlot slot, const QString& path);

private:
    void refresh();
    void refreshPeople();
    void clear(SourceSlot slot);
    SourceSlotWidget* widgetOf(SourceSlot slot) const;

    Session& m_session;
    QComboBox* m_people;                               // parent-owned
    SourceSlotWidget *m_identity, *m_motion, *m_scene; // parent-owned
};

/// "Person 1", or what the user called the person.
QString personName(const Person& person);

} // namespace strata::ui
