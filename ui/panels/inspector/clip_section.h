// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/session.h"
#include "ui/viewport/probe.h"

#include <QGroupBox>

class QLabel;

namespace strata::ui {

/// What the clip is, and the values under the cursor.
class ClipSection : public QGroupBox {
    Q_OBJECT
public:
    explicit ClipSection(Session& session, QWidget* parent = nullptr);

    void showProbe(const ProbeSample& sample);
    void clearProbe();

private:
    void refresh();

    Session& m_session;
    QLabel *m_file, *m_facts, *m_probe; // parent-owned
};

} // namespace strata::ui
