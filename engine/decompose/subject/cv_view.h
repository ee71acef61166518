// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <opencv2/core.hpp>

namespace strata {

/// OpenCV's view of an image, without a copy. Never written through.
inline cv::Mat viewOf(const ImageU8& image) {
    return {image.height(), image.width(), CV_8UC(image.channels()),
            const_cast<std::uint8_t*>(image.data())};
}

inline cv::Mat viewOf(const ImageF& image) {
    return {image.height(), image.width(), CV_32FC(image.channels()),
            const_cast<float*>(image.data())};
}

inline ImageU8 imageOf(const cv::Mat& mat) {
    ImageU8 image(mat.cols, mat.rows, mat.channels());
    mat.copyTo(viewOf(image));
    return image;
}

/// Size with the shorter side at most `side`.
inline cv::Size reducedSize(Size size, int side) {
    const double scale =
        std::min(1.0, double(side) / std::max(1, std::min(size.width, size.height)));
    return {std::max(1, int(size.width * scale + 0.5)),
            std::max(1, int(size.height * scale + 0.5))};
}

} // namespace strata
