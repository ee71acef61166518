// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

class QWidget;

namespace strata::ui {

class Preferences;

/// What holds for all projects; every change counts at once.
class PreferencesDialog : public QDialog {
    Q_OBJECT
public:
    PreferencesDialog(Preferences& preferences, QWidget* parent);

private:
    QWidget* makeLook();
    QWidget* makeWork();

    Preferences& m_preferences;
};

} // namespace strata::ui
