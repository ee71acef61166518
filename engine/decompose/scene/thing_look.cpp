// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/thing_look.h"

#include "engine/decompose/scene/disc.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

// Bins of the Lab colour, 8-bit: of lightness and of each of the other two.
constexpr int lightBins = 16;
constexpr int hueBins = 32;
constexpr float nothingKnown = 0.01f; // share that a colour needs to say much
constexpr double rimWeight = 0.5;     // of the rim against the inside: it may lie on a like thing

int binOf(int light, int a, int b) { return (light * hueBins + a) * hueBins + b; }

cv::Point3i binsOf(const cv::Vec3b& lab) {
    return {lab[0] * lightBins / 256, lab[1] * hueBins / 256, lab[2] * hueBins / 256};
}

/// Adds the colours of the marked pixels, each to its bin and those right beside.
void addShares(const cv::Mat& lab, const cv::Mat& mask, std::vector<float>& shares) {
    const float each = 1.f / float(std::max(1, cv::countNonZero(mask)));
    for (int y = 0; y < lab.rows; ++y)
        for (int x = 0; x < lab.cols; ++x) {
            if (!mask.at<std::uint8_t>(y, x))
                continue;
            const cv::Point3i bin = binsOf(lab.at<cv::Vec3b>(y, x));
            for (int l = std::max(0, bin.x - 1); l <= std::min(lightBins - 1, bin.x + 1); ++l)
                for (int a = std::max(0, bin.y - 1); a <= std::min(hueBins - 1, bin.y + 1); ++a)
                    for (int b = std::max(0, bin.z - 1); b <= std::min(hueBins - 1, bin.z + 1); ++b)
                        shares[std::size_t(binOf(l, a, b))] += each;
        }
}

} // namespace

ThingLook::ThingLook()
    : m_thing(std::size_t(lightBins * hueBins * hueBins), 0.f)
    , m_round(m_thing) {}

void ThingLook::learn(const Thing& thing, const cv::Mat& lab) {
    const int reach = std::max(4, int(std::sqrt(thing.area)));
    const cv::Rect place = cv::Rect(thing.box.x - reach, thing.box.y - reach,
                                    thing.box.width + 2 * reach, thing.box.height + 2 * reach) &
                           cv::Rect({0, 0}, lab.size());
    cv::Mat inside = cv::Mat::zeros(lab.size(), CV_8U), round;
    draw(thing, inside);
    inside = inside(place).clone();
    cv::dilate(inside, round, disc(2)); // its soft edge belongs to neither
    addShares(lab(place), inside, m_thing);
    addShares(lab(place), round == 0, m_round);
}

cv::Mat ThingLook::likeness(const cv::Mat& lab) const {
    cv::Mat result(lab.size(), CV_32F);
    for (int y = 0; y < lab.rows; ++y)
        for (int x = 0; x < lab.cols; ++x) {
            const cv::Point3i bin = binsOf(lab.at<cv::Vec3b>(y, x));
            const auto at = std::size_t(binOf(bin.x, bin.y, bin.z));
            result.at<float>(y, x) = m_thing[at] / (m_thing[at] + m_round[at] + nothingKnown);
        }
    return result;
}

cv::Mat fitOf(const cv::Mat& shape, const cv::Mat& likeness) {
    const int rim = std::max(2, int(0.15 * std::max(shape.cols, shape.rows)));
    cv::Mat inside, wide, kernel, result;
    cv::copyMakeBorder(shape, inside, rim + 1, rim + 1, rim + 1, rim + 1, cv::BORDER_CONSTANT);
    cv::dilate(inside, wide, disc(rim));
    wide.setTo(0, inside);
    kernel = cv::Mat::zeros(inside.size(), CV_32F);
    kernel.setTo(1.0 / std::max(1, cv::countNonZero(inside)), inside);
    kernel.setTo(-rimWeight / std::max(1, cv::countNonZero(wide)), wide);
    cv::filter2D(likeness, result, CV_32F, kernel, {-1, -1}, 0, cv::BORDER_CONSTANT);
    return result;
}

} // namespace strata
