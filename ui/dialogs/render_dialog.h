// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/session.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace strata::ui {

/// Where to and how the edited clip is written. Accepting stores the settings in the document.
class RenderDialog : public QDialog {
    Q_OBJECT
public:
    RenderDialog(Session& session, QWidget* parent);

    QString path() const;
    void accept() override;

private:
    void refresh();
    void browse();
    DeliverySettings settings() const;

    Session& m_session;
    QLineEdit* m_path;             // parent-owned
    QComboBox *m_codec, *m_preset; // parent-owned
    QSpinBox* m_quality;           // parent-owned
    QCheckBox *m_audio, *m_whole;  // parent-owned
    QLabel* m_summary;             // parent-owned
    QDialogButtonBox* m_buttons;   // parent-owned
};

} // namespace strata::ui
