// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/commands/gesture.h"
#include "ui/session/session.h"

#include <QGroupBox>

class QDoubleSpinBox;
class QLineEdit;

namespace strata::ui {

/// Name and matte of the selected layer.
class MatteSection : public QGroupBox {
    Q_OBJECT
public:
    explicit MatteSection(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    void setTrim();

    Session& m_session;
    QLineEdit* m_name;                  // parent-owned
    QDoubleSpinBox *m_grow, *m_feather; // parent-owned
    GestureTracker m_steps;
};

} // namespace strata::ui
