// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

namespace strata::ui {

/// Version, licence, and the licences of what is used.
class AboutDialog : public QDialog {
    Q_OBJECT
public:
    explicit AboutDialog(QWidget* parent);
};

} // namespace strata::ui
