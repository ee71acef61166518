// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/color_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace strata {
namespace {

int stepOf(int value, int steps) { return value * steps / 256; }

/// Spreads each bin over its neighbours along the three axes, so that few samples speak for similar
/// colours.
void soften(std::vector<float>& bins, int steps) {
    for (const int stride : {1, steps, steps * steps}) {
        std::vector<float> out(bins.size());
        for (std::size_t i = 0; i < bins.size(); ++i) {
            const int at = int(i) / stride % steps;
            out[i] = 0.5f * bins[i] + 0.25f * (bins[at > 0 ? i - std::size_t(stride) : i] +
                                               bins[at + 1 < steps ? i + std::size_t(stride) : i]);
        }
        bins = std::move(out);
    }
}

void follow(std::vector<float>& model, std::vector<float> sample, int steps, float rate) {
    const float sum = std::accumulate(sample.begin(), sample.end(), 0.f);
    if (sum < 50.f)
        return;
    soften(sample, steps);
    const bool empty = std::ranges::all_of(model, [](float v) { return v == 0.f; });
    for (std::size_t i = 0; i < model.size(); ++i)
        model[i] += (empty ? 1.f : rate) * (sample[i] / sum - model[i]);
}

} // namespace

ColorModel::ColorModel()
    : m_inside(kBins)
    , m_outside(kBins) {}

void ColorModel::learn(const cv::Mat& rgb, const cv::Mat& alpha, float rate) {
    std::vector<float> inside(kBins), outside(kBins);
    for (int y = 0; y < rgb.rows; ++y)
        for (int x = 0; x < rgb.cols; ++x) {
            const auto& c = rgb.at<cv::Vec3b>(y, x);
            const int bin = (stepOf(c[0], kSteps) * kSteps + stepOf(c[1], kSteps)) * kSteps +
                            stepOf(c[2], kSteps);
            const float a = alpha.at<float>(y, x);
            if (a > 0.9f)
                inside[bin] += 1;
            else if (a < 0.1f)
                outside[bin] += 1;
        }
    follow(m_inside, std::move(inside), kSteps, rate);
    follow(m_outside, std::move(outside), kSteps, rate);
}

cv::Mat ColorModel::logOdds(const cv::Mat& rgb) const {
    constexpr float kFloor = 2e-4f; // an unseen colour says nothing
    std::vector<float> table(kBins);
    for (int i = 0; i < kBins; ++i)
        table[i] =
            std::clamp(std::log((m_inside[i] + kFloor) / (m_outside[i] + kFloor)), -2.f, 2.f);
    cv::Mat out(rgb.size(), CV_32F);
    for (int y = 0; y < rgb.rows; ++y)
        for (int x = 0; x < rgb.cols; ++x) {
            const auto& c = rgb.at<cv::Vec3b>(y, x);
            out.at<float>(y, x) =
                table[(stepOf(c[0], kSteps) * kSteps + stepOf(c[1], kSteps)) * kSteps +
                      stepOf(c[2], kSteps)];
        }
    return out;
}

Array ColorModel::pack() const {
    std::vector<float> both = m_inside;
    both.insert(both.end(), m_outside.begin(), m_outside.end());
    return Array::of({2, kBins}, std::span<const float>(both));
}

Status ColorModel::unpack(const Array& array) {
    const std::vector<float> both = array.toFloats();
    if (both.size() != 2 * std::size_t(kBins))
        return Error{ErrorCode::BadFormat,
                     "The colours in the state of the matte have the wrong size."};
    m_inside.assign(both.begin(), both.begin() + kBins);
    m_outside.assign(both.begin() + kBins, both.end());
    return ok();
}

} // namespace strata
