// SPDX-License-Identifier: Apache-2.0
#include "engine/media/resize.h"

#include "engine/media/opencv.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

int interpolation(ResizeFilter filter) {
    switch (filter) {
    case ResizeFilter::Nearest:
        return cv::INTER_NEAREST;
    case ResizeFilter::Area:
        return cv::INTER_AREA;
    case ResizeFilter::Bilinear:
        return cv::INTER_LINEAR;
    case ResizeFilter::Bicubic:
        return cv::INTER_CUBIC;
    case ResizeFilter::Lanczos:
        return cv::INTER_LANCZOS4;
    }
    return cv::INTER_LINEAR;
}

} // namespace

template <typename T>
Image<T> resizeImage(const Image<T>& image, Size size, ResizeFilter filter) {
    if (image.empty() || size.width <= 0 || size.height <= 0)
        return {};
    if (image.size() == size)
        return image;
    Image<T> out(size.width, size.height, image.channels());
    cv::Mat target = matView(out);
    cv::resize(matView(image), target, target.size(), 0, 0, interpolation(filter));
    return out;
}

template Image<std::uint8_t> resizeImage(const Image<std::uint8_t>&, Size, ResizeFilter);
template Image<std::uint16_t> resizeImage(const Image<std::uint16_t>&, Size, ResizeFilter);
template Image<float> resizeImage(const Image<float>&, Size, ResizeFilter);

Size fittedSize(Size size, Size bounds) {
    if (size.width <= 0 || size.height <= 0)
        return {};
    const double scale =
        std::min(double(bounds.width) / size.width, double(bounds.height) / size.height);
    return {std::max(1, int(std::lround(size.width * scale))),
            std::max(1, int(std::lround(size.height * scale)))};
}

} // namespace strata
