// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/label_color.h"

#include <QColor>

namespace strata::ui {

inline QColor toQt(const LabelColor& color) { return {color.red, color.green, color.blue}; }
inline LabelColor toLabelColor(const QColor& color) {
    return {std::uint8_t(color.red()), std::uint8_t(color.green()), std::uint8_t(color.blue())};
}

} // namespace strata::ui
