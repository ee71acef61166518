// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <filesystem>
#include <string>

namespace strata::ui {

// The engine's texts are UTF-8, its paths the file system's bytes.
inline QString toQt(const std::string& text) { return QString::fromStdString(text); }
inline QString toQt(const std::filesystem::path& path) {
    return QString::fromLocal8Bit(path.c_str());
}
inline std::filesystem::path toPath(const QString& path) {
    return std::filesystem::path(path.toLocal8Bit().toStdString());
}

} // namespace strata::ui
