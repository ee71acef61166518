// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFile>
#include <QStyleFactory>
#include <QToolTip>

#include <array>
#include <utility>

// Outside every namespace, as Qt asks.
static void initThemeResources() { Q_INIT_RESOURCE(strata_theme); }

namespace strata::ui {

QString themeStyleSheet(ThemeKind kind) {
    initThemeResources();
    QFile file(":/strata/theme/strata.qss");
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const ThemeColors& c = themeColors(kind);
    // No name may be the beginning of a later one.
    const std::array<std::pair<const char*, QColor>, 10> names{{
        {"@window", c.window},
        {"@panel", c.panel},
        {"@raised", c.raised},
        {"@input", c.input},
        {"@border", c.border},
        {"@textMuted", c.textMuted},
        {"@textDisabled", c.textDisabled},
        {"@text", c.text},
        {"@accentText", c.accentText},
        {"@accent", c.accent},
    }};
    for (const auto& [name, color] : names)
        sheet.replace(QLatin1String(name), color.name());
    return sheet;
}

void applyTheme(QApplication& application, ThemeKind kind) {
    application.setStyle(QStyleFactory::create("Fusion"));
    application.setPalette(themePalette(kind));
    QToolTip::setPalette(themePalette(kind));
    application.setStyleSheet(themeStyleSheet(kind));
}

} // namespace strata::ui
