// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/commands/gesture.h"
#include "ui/session/session.h"

#include <QGroupBox>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace strata::ui {

/// How people are drawn.
class SynthSection : public QGroupBox {
    Q_OBJECT
public:
    explicit SynthSection(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    void apply();

    Session& m_session;
    QComboBox* m_kind;                   // parent-owned
    QSpinBox *m_size, *m_steps, *m_seed; // parent-owned
    QDoubleSpinBox* m_guidance;          // parent-owned
    QCheckBox* m_occluder;               // parent-owned
    GestureTracker m_gesture;
};

} // namespace strata::ui
