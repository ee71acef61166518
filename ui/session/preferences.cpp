// SPDX-License-Identifier: Apache-2.0
#include "ui/session/preferences.h"

#include <QFileInfo>

namespace strata::ui {
namespace {

constexpr int kMostRecent = 10;
const QString kRecent = QStringLiteral("recentFiles");
const QString kWorkspaces = QStringLiteral("window/workspaces");

} // namespace

Preferences::Preferences(QObject* parent)
    : QObject(parent) {}

void Preferences::set(const QString& key, const QVariant& value) {
    if (m_settings.value(key) == value)
        return;
    m_settings.setValue(key, value);
    Q_EMIT changed();
}

ThemeKind Preferences::theme() const {
    return m_settings.value("theme").toString() == "light" ? ThemeKind::Light : ThemeKind::Dark;
}
void Preferences::setTheme(ThemeKind theme) {
    set("theme", theme == ThemeKind::Light ? "light" : "dark");
}

QString Preferences::language() const { return m_settings.value("language").toString(); }
void Preferences::setLanguage(const QString& language) { set("language", language); }

QString Preferences::worker() const { return m_settings.value("worker").toString(); }
void Preferences::setWorker(const QString& program) { set("worker", program); }

int Preferences::frameCacheMegabytes() const {
    return std::clamp(m_settings.value("frameCacheMegabytes", 768).toInt(), 128, 65536);
}
void Preferences::setFrameCacheMegabytes(int megabytes) { set("frameCacheMegabytes", megabytes); }

int Preferences::autosaveSeconds() const {
    return std::clamp(m_settings.value("autosaveSeconds", 60).toInt(), 5, 3600);
}
void Preferences::setAutosaveSeconds(int seconds) { set("autosaveSeconds", seconds); }

bool Preferences::decomposesAtOnce() const {
    return m_settings.value("decomposeAtOnce", true).toBool();
}
void Preferences::setDecomposesAtOnce(bool on) { set("decomposeAtOnce", on); }

bool Preferences::previewsAtOnce() const {
    return m_settings.value("previewAtOnce", true).toBool();
}
void Preferences::setPreviewsAtOnce(bool on) { set("previewAtOnce", on); }

bool Preferences::playsSound() const { return m_settings.value("sound", true).toBool(); }
void Preferences::setPlaysSound(bool on) { set("sound", on); }

QStringList Preferences::recentFiles() const {
    QStringList there;
    for (const QString& path : m_settings.value(kRecent).toStringList())
        if (QFileInfo::exists(path))
            there << path;
    return there;
}

void Preferences::addRecentFile(const QString& path) {
    QStringList files = m_settings.value(kRecent).toStringList();
    files.removeAll(path);
    files.prepend(path);
    m_settings.setValue(kRecent, QStringList(files.mid(0, kMostRecent)));
    Q_EMIT recentFilesChanged();
}

void Preferences::clearRecentFiles() {
    m_settings.remove(kRecent);
    Q_EMIT recentFilesChanged();
}

QByteArray Preferences::windowGeometry() const {
    return m_settings.value("window/geometry").toByteArray();
}
QByteArray Preferences::windowState() const {
    return m_settings.value("window/state").toByteArray();
}
void Preferences::setWindow(const QByteArray& geometry, const QByteArray& state) {
    m_settings.setValue("window/geometry", geometry);
    m_settings.setValue("window/state", state);
}

// One value for all: as keys of the settings, names would clash where only their case differs.
QStringList Preferences::workspaces() const { return m_settings.value(kWorkspaces).toMap().keys(); }
QByteArray Preferences::workspace(const QString& name) const {
    return m_settings.value(kWorkspaces).toMap().value(name).toByteArray();
}
void Preferences::setWorkspace(const QString& name, const QByteArray& state) {
    QVariantMap all = m_settings.value(kWorkspaces).toMap();
    all.remove(name);
    if (!state.isEmpty())
        all.insert(name, state);
    m_settings.setValue(kWorkspaces, all);
}

} // namespace strata::ui
