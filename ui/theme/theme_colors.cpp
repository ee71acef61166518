// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/theme.h"

namespace strata::ui {
namespace {

ThemeColors darkColors() {
    return {
        .window = 0x17181b,
        .panel = 0x202226,
        .raised = 0x2c2f35,
        .input = 0x191b1e,
        .border = 0x3b3f47,
        .text = 0xe6e8ec,
        .textMuted = 0xa3a9b3,
        .textDisabled = 0x6a707a,
        .accent = 0x5aa2ff,
        .accentText = 0x0b1220,
        .scene = 0x4fb3a2,
        .human = 0xf2a65a,
        .occluder = 0xb48ede,
        .motion = 0xe58ab2,
        .playhead = 0xff6257,
        .inOut = 0x5aa2ff,
        .marker = 0xf4d35e,
        .waveform = 0x7fa9cf,
        .decoded = 0x687282,
        .decomposed = 0x4a8fdc,
        .rendered = 0x54c27b,
        .ok = 0x54c27b,
        .warning = 0xf0b429,
        .error = 0xf4726c,
    };
}

ThemeColors lightColors() {
    return {
        .window = 0xd8dbe0,
        .panel = 0xeceef1,
        .raised = 0xfafbfc,
        .input = 0xffffff,
        .border = 0xb4bac4,
        .text = 0x1b1e23,
        .textMuted = 0x4d545f,
        .textDisabled = 0x8f96a1,
        .accent = 0x1f66d1,
        .accentText = 0xffffff,
        .scene = 0x1b7a6b,
        .human = 0xb35c09,
        .occluder = 0x7a4dbd,
        .motion = 0xb33872,
        .playhead = 0xd3241a,
        .inOut = 0x1f66d1,
        .marker = 0xb98900,
        .waveform = 0x4479ad,
        .decoded = 0xa0a8b4,
        .decomposed = 0x3f86d6,
        .rendered = 0x2a9a51,
        .ok = 0x1c7a3e,
        .warning = 0x8a5d00,
        .error = 0xbf2921,
    };
}

} // namespace

const ThemeColors& themeColors(ThemeKind kind) {
    static const ThemeColors dark = darkColors();
    static const ThemeColors light = lightColors();
    return kind == ThemeKind::Dark ? dark : light;
}

ThemeKind themeOf(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < 128 ? ThemeKind::Dark : ThemeKind::Light;
}

QPalette themePalette(ThemeKind kind) {
    const ThemeColors& c = themeColors(kind);
    QPalette palette(c.raised, c.window);
    const auto set = [&](QPalette::ColorRole role, const QColor& color, const QColor& disabled) {
        palette.setColor(role, color);
        palette.setColor(QPalette::Disabled, role, disabled);
    };
    set(QPalette::Window, c.panel, c.panel);
    set(QPalette::WindowText, c.text, c.textDisabled);
    set(QPalette::Base, c.input, c.panel);
    set(QPalette::AlternateBase, c.panel, c.panel);
    set(QPalette::Text, c.text, c.textDisabled);
    set(QPalette::PlaceholderText, c.textMuted, c.textDisabled);
    set(QPalette::Button, c.raised, c.panel);
    set(QPalette::ButtonText, c.text, c.textDisabled);
    set(QPalette::BrightText, c.error, c.textDisabled);
    set(QPalette::Highlight, c.accent, c.border);
    set(QPalette::HighlightedText, c.accentText, c.textDisabled);
    set(QPalette::Link, c.accent, c.textDisabled);
    set(QPalette::LinkVisited, c.accent, c.textDisabled);
    set(QPalette::ToolTipBase, c.raised, c.raised);
    set(QPalette::ToolTipText, c.text, c.textDisabled);
    set(QPalette::Mid, c.border, c.border);
    set(QPalette::Dark, c.window, c.window);
    return palette;
}

} // namespace strata::ui
