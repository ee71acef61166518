// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

namespace strata::ui {

/// What is seen before a clip is open: what Strata does, how to begin, the sample, recent files.
class WelcomePage : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(QWidget* parent = nullptr);

    void setRecentFiles(const QStringList& files);

Q_SIGNALS:
    void openRequested();
    void sampleRequested();
    void fileRequested(const QString& path);

private:
    QWidget* m_recent; // parent-owned
};

} // namespace strata::ui
