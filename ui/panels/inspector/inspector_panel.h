// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QScrollArea>

namespace strata::ui {

class ClipSection;
class Session;

/// Properties of what is selected, section by section.
class InspectorPanel : public QScrollArea {
    Q_OBJECT
public:
    explicit InspectorPanel(Session& session, QWidget* parent = nullptr);

    ClipSection& clip() { return *m_clip; }

private:
    ClipSection* m_clip; // parent-owned
};

} // namespace strata::ui
