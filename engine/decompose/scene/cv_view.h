// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/decompose/scene/homography.h"

#include <opencv2/core.hpp>

namespace strata {

// Matrices that look into an image without copying. The const ones must only be read.

inline cv::Mat view(ImageU8& image) {
    return {image.height(), image.width(), CV_8UC(image.channels()), image.data()};
}
inline const cv::Mat view(const ImageU8& image) { return view(const_cast<ImageU8&>(image)); }
inline cv::Mat view(ImageU16& image) {
    return {image.height(), image.width(), CV_16UC(image.channels()), image.data()};
}
inline const cv::Mat view(const ImageU16& image) { return view(const_cast<ImageU16&>(image)); }
inline cv::Mat view(ImageF& image) {
    return {image.height(), image.width(), CV_32FC(image.channels()), image.data()};
}
inline const cv::Mat view(const ImageF& image) { return view(const_cast<ImageF&>(image)); }

inline cv::Matx33d toCv(const Homography& h) { return cv::Matx33d(h.m.data()); }
inline Homography fromCv(const cv::Matx33d& m) {
    Homography h;
    for (int i = 0; i < 9; ++i)
        h.m[std::size_t(i)] = m.val[i] / m.val[8];
    return h;
}

/// Size with the longer side at most `longSide`, never larger than `frame`.
Size reducedSize(Size frame, int longSide);
/// The same map between the same two frames after both were resized from `from` to `to`.
Homography rescaled(const Homography& map, Size from, Size to);

} // namespace strata
