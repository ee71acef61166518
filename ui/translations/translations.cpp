// SPDX-License-Identifier: Apache-2.0
#include "ui/translations/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace strata::ui {

Translations::Translations(const QString& language) {
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    const QString name = QStringLiteral("strata"), parted = QStringLiteral("_");
    const QString folder = QStringLiteral(":/strata/translations");
    if (!m_texts.load(locale, name, parted, folder) &&
        !m_texts.load(QStringLiteral("strata_en"), folder)) // the singulars of English
        return;
    QCoreApplication::installTranslator(&m_texts);
    // In the language found, which may not be the system's: one window speaks one language.
    if (m_qt.load(QLocale(m_texts.language()), QStringLiteral("qtbase"), parted,
                  QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qt);
}

} // namespace strata::ui
