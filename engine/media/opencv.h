// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <opencv2/core.hpp>

#include <cstring>

namespace strata {

/// The same pixels seen as a cv::Mat (channels stay in RGB order); valid as long as the image lives
/// unchanged.
template <typename T>
cv::Mat matView(Image<T>& image) {
    return cv::Mat(image.height(), image.width(),
                   CV_MAKETYPE(cv::DataType<T>::depth, image.channels()), image.data());
}

/// Read only: OpenCV has no const view, so this must never be passed as an output.
template <typename T>
cv::Mat matView(const Image<T>& image) {
    return matView(const_cast<Image<T>&>(image));
}

/// A copy of a cv::Mat whose depth is that of T.
template <typename T>
Image<T> imageFromMat(const cv::Mat& mat) {
    CV_Assert(mat.depth() == cv::DataType<T>::depth);
    Image<T> image(mat.cols, mat.rows, mat.channels());
    for (int y = 0; y < mat.rows; ++y)
        std::memcpy(image.row(y), mat.ptr(y), std::size_t(mat.cols) * mat.elemSize());
    return image;
}

} // namespace strata
