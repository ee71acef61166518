// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/theme/theme.h"

#include <QObject>
#include <QSettings>

namespace strata::ui {

/// What the user has chosen for all projects, stored at once. GUI thread.
class Preferences : public QObject {
    Q_OBJECT
public:
    explicit Preferences(QObject* parent = nullptr);

    ThemeKind theme() const;
    void setTheme(ThemeKind theme);
    /// Empty: the system's language.
    QString language() const;
    void setLanguage(const QString& language);
    QString worker() const; // program or command; empty: the one that was installed with this
    void setWorker(const QString& program);
    int frameCacheMegabytes() const;
    void setFrameCacheMegabytes(int megabytes);
    int autosaveSeconds() const;
    void setAutosaveSeconds(int seconds);
    bool decomposesAtOnce() const;
    void setDecomposesAtOnce(bool on);
    bool previewsAtOnce() const;
    void setPreviewsAtOnce(bool on);
    bool playsSound() const;
    void setPlaysSound(bool on);

    QStringList recentFiles() const; // the newest first, those that are there
    void addRecentFile(const QString& path);
    void clearRecentFiles();

    QByteArray windowGeometry() const;
    QByteArray windowState() const;
    void setWindow(const QByteArray& geometry, const QByteArray& state);

    QStringList workspaces() const;                                  // names, in their order
    QByteArray workspace(const QString& name) const;                 // empty: there is none
    void setWorkspace(const QString& name, const QByteArray& state); // empty: forgotten

Q_SIGNALS:
    void changed();
    void recentFilesChanged();

private:
    void set(const QString& key, const QVariant& value);

    QSettings m_settings;
};

} // namespace strata::ui
