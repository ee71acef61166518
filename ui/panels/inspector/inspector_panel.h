// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QScrollArea>

namespace strata::ui {

class ClipSection;
class Session;

/// What the clip is and how it is drawn, section by section.
class InspectorPanel : public QScrollArea {
    Q_OBJECT
public:
    explicit InspectorPanel(Session& session, QWidget* parent = nullptr);

    ClipSection& clip() { return *m_clip; }

private:
    ClipSection* m_clip; // parent-owned
};

} // namespace strata::ui
