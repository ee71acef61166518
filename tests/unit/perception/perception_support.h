// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <QByteArray>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <cstring>
#include <filesystem>
#include <string>

namespace strata::test {

/// Where installed models lie; tests that need one skip themselves when the file is not there.
inline std::filesystem::path modelFile(const std::string& below) {
    const QByteArray set = qgetenv("STRATA_MODELS");
    const QByteArray data = qgetenv("XDG_DATA_HOME");
    const std::filesystem::path root =
        !set.isEmpty() ? std::filesystem::path(set.toStdString())
        : !data.isEmpty()
            ? std::filesystem::path(data.toStdString()) / "strata/models"
            : std::filesystem::path(qgetenv("HOME").toStdString()) / ".local/share/strata/models";
    return root / below;
}

/// A file of the development data beside the checkout.
inline std::filesystem::path dataFile(const std::string& below) {
    return std::filesystem::path(STRATA_SOURCE_DIR).parent_path() / "shared/data" / below;
}

inline ImageU8 readPicture(const std::filesystem::path& file) {
    cv::Mat bgr = cv::imread(file.string(), cv::IMREAD_COLOR), rgb;
    if (bgr.empty())
        return {};
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    ImageU8 image(rgb.cols, rgb.rows, 3);
    for (int y = 0; y < rgb.rows; ++y)
        std::memcpy(image.row(y), rgb.ptr(y), std::size_t(rgb.cols) * 3);
    return image;
}

} // namespace strata::test

#define NEEDS_FILE(path)                                                                           \
    do {                                                                                           \
        if (!std::filesystem::exists(path))                                                        \
            QSKIP(("needs " + (path).string()).c_str());                                           \
    } while (false)
