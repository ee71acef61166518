// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/protocol/messages.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace strata::ui {

class EngineClient;

/// The networks: what is there, how large, under which licence; fetches what is missing.
class ModelsDialog : public QDialog {
    Q_OBJECT
public:
    ModelsDialog(EngineClient& engine, QWidget* parent);

private:
    void show(const std::vector<protocol::Model>& models);
    void showDetails();
    void fetch();

    EngineClient& m_engine;
    protocol::JobId m_fetch = 0;
    QTreeWidget* m_list;   // parent-owned
    QLabel* m_details;     // parent-owned
    QPushButton* m_button; // parent-owned
};

} // namespace strata::ui
