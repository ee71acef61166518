// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace strata::ui {

enum class ThemeKind { Dark, Light };

/// Every colour of the editor by what it means. Text on any of the grounds keeps a contrast of at
/// least 4.5 : 1, textDisabled excepted.
struct ThemeColors {
    // Grounds, from the back to the front
    QColor window; // between docks
    QColor panel;  // inside docks
    QColor raised; // buttons, headers, rows under the pointer
    QColor input;  // fields, lists, the timeline's ground
    QColor border;
    QColor text;
    QColor textMuted; // secondary captions
    QColor textDisabled;
    QColor accent; // selection, focus
    QColor accentText;
    // What a clip consists of
    QColor scene;
    QColor human;
    QColor occluder;
    QColor motion;
    // The timeline
    QColor playhead;
    QColor inOut;
    QColor marker; // markers without a colour of their own
    QColor waveform;
    QColor decoded; // cache bar
    QColor decomposed;
    QColor rendered;
    // How things went
    QColor ok;
    QColor warning;
    QColor error;
};

const ThemeColors& themeColors(ThemeKind kind);

/// The theme a palette belongs to, so that a widget follows its own palette and needs no global:
/// read it in paintEvent, throw cached pictures away on QEvent::PaletteChange.
ThemeKind themeOf(const QPalette& palette);
inline const ThemeColors& themeColors(const QPalette& palette) {
    return themeColors(themeOf(palette));
}

QPalette themePalette(ThemeKind kind);

/// The style sheet of the application in the theme's colours.
QString themeStyleSheet(ThemeKind kind);

/// Sets style (Fusion), palette and style sheet of the whole application; may be called at any
/// time.
void applyTheme(QApplication& application, ThemeKind kind);

} // namespace strata::ui
