// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/decompose/scene/camera_path.h"
#include "engine/decompose/scene/cv_view.h"

#include <opencv2/imgproc.hpp>

#include <functional>
#include <vector>

namespace strata::test {

/// Frames made by a function when they are asked for.
template <typename T>
class MadeFrames : public FrameSource<T> {
public:
    using Maker = std::function<Image<T>(std::int64_t)>;
    MadeFrames(std::int64_t count, Size size, Maker maker)
        : m_count(count)
        , m_size(size)
        , m_maker(std::move(maker)) {}
    std::int64_t frameCount() const override { return m_count; }
    Size frameSize() const override { return m_size; }
    Result<typename FrameSource<T>::Frame> frame(std::int64_t index) override {
        return std::make_shared<const Image<T>>(m_maker(index));
    }

private:
    std::int64_t m_count;
    Size m_size;
    Maker m_maker;
};

inline const Size sceneSize{240, 160};

/// A large textured picture to look at parts of, the same in every run.
inline cv::Mat wallpaper(int width, int height) {
    cv::Mat noise(height / 8 + 1, width / 8 + 1, CV_8UC3), smooth, fine(height, width, CV_8UC3);
    cv::RNG random(7);
    random.fill(noise, cv::RNG::UNIFORM, 40, 215);
    cv::resize(noise, smooth, {width, height}, 0, 0, cv::INTER_CUBIC);
    random.fill(fine, cv::RNG::UNIFORM, 0, 40);
    cv::GaussianBlur(fine, fine, {3, 3}, 0.8);
    return smooth * 0.8 + fine;
}

/// The part of `world` that a camera at (x, y), turned and zoomed a little, sees.
inline cv::Mat look(const cv::Mat& world, double x, double y, double angle = 0, double zoom = 1) {
    const double c = std::cos(angle) / zoom;
    const double s = std::sin(angle) / zoom;
    cv::Mat result;
    const cv::Matx23d map(c, -s, x, s, c, y); // frame -> world
    cv::warpAffine(world, result, map, {sceneSize.width, sceneSize.height},
                   cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REFLECT);
    return result;
}

inline ImageU8 colorImage(const cv::Mat& rgb) {
    ImageU8 image(rgb.cols, rgb.rows, 3);
    rgb.copyTo(view(image));
    return image;
}

inline ImageU8 maskImage(const cv::Mat& mask) {
    ImageU8 image(mask.cols, mask.rows, 1);
    mask.copyTo(view(image));
    return image;
}

/// A person of 26 x 90 pixels with head, shirt and trousers; draws into `rgb`, returns the mask.
inline cv::Mat drawPerson(cv::Mat& rgb, int x, int y) {
    cv::Mat mask = cv::Mat::zeros(rgb.size(), CV_8U);
    const auto part = [&](cv::Rect rect, cv::Scalar color) {
        cv::rectangle(rgb, rect, color, cv::FILLED);
        cv::rectangle(mask, rect, cv::Scalar(255), cv::FILLED);
    };
    part({x + 8, y, 10, 14}, {190, 140, 110});
    part({x, y + 14, 26, 36}, {40, 60, 150});
    part({x + 3, y + 50, 20, 40}, {30, 30, 34});
    return mask;
}

} // namespace strata::test
