// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/io/autosaves.h"

#include <QDialog>

#include <optional>
#include <vector>

class QListWidget;

namespace strata::ui {

/// Offered at start when a crash left unsaved work behind.
class RecoveryDialog : public QDialog {
    Q_OBJECT
public:
    RecoveryDialog(std::vector<RecoverableAutosave> found, QWidget* parent = nullptr);

    /// What the user wants back; nothing when it is left for later or discarded.
    std::optional<RecoverableAutosave> chosen() const;

private:
    void discardAll();

    std::vector<RecoverableAutosave> m_found;
    QListWidget* m_list; // parent-owned
};

} // namespace strata::ui
