// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/person_look.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>

namespace strata {
namespace {

// Bins of the Lab colour: 16 of lightness, 24 x 24 of colour where real pictures have it.
constexpr int lightBins = 16;
constexpr int hueBins = 24;
constexpr int hueWidth = 6;
constexpr int allBins = lightBins * hueBins * hueBins;
constexpr int fewestPixels = 24;
constexpr float strictShare = 0.03f; // the same for a part that is only near
constexpr float commonShare = 0.1f;  // the same for what is ahead of the person in depth …
constexpr float aheadMargin = 0.02f; // … by this share of the depth range
constexpr double rareShare = 0.34;   // a colour may be missing in this share of the frames
constexpr float usualShare = 0.006f; // of the part's area, colours right beside included

int hueBin(int value) {
    return std::clamp((value - 128 + hueBins * hueWidth / 2) / hueWidth, 0, hueBins - 1);
}

int binOf(const cv::Vec3b& lab) {
    return (lab[0] * lightBins / 256 * hueBins + hueBin(lab[1])) * hueBins + hueBin(lab[2]);
}

/// Adds to every bin what is in the 26 bins around it.
std::vector<float> spread(const std::vector<float>& bins) {
    std::vector<float> now = bins, next(bins.size());
    for (const int stride : {1, hueBins, hueBins * hueBins}) {
        const int extent = stride == hueBins * hueBins ? lightBins : hueBins;
        for (int i = 0; i < allBins; ++i) {
            const int at = i / stride % extent;
            float sum = now[std::size_t(i)];
            if (at > 0)
                sum += now[std::size_t(i - stride)];
            if (at + 1 < extent)
                sum += now[std::size_t(i + stride)];
            next[std::size_t(i)] = sum;
        }
        std::swap(now, next);
    }
    return now;
}

} // namespace

void PersonLook::add(const LayerView& view, const cv::Mat& except) {
    if (view.box.empty())
        return;
    cv::Mat inside = view.human > 200;
    if (!except.empty())
        inside.setTo(0, except);
    cv::erode(inside, inside, cv::Mat());
    std::array<std::vector<float>, mostParts> bins;
    std::array<int, mostParts> pixels{};
    for (int y = view.box.y; y < view.box.br().y; ++y)
        for (int x = view.box.x; x < view.box.br().x; ++x) {
            if (!inside.at<std::uint8_t>(y, x))
                continue;
            const auto part =
                std::min<std::size_t>(view.parts.at<std::uint8_t>(y, x), mostParts - 1);
            if (bins[part].empty())
                bins[part].assign(allBins, 0.f);
            bins[part][std::size_t(binOf(view.lab.at<cv::Vec3b>(y, x)))] += 1;
            ++pixels[part];
        }
    for (std::size_t part = 0; part < bins.size(); ++part) {
        if (pixels[part] < fewestPixels)
            continue;
        for (float& bin : bins[part])
            bin /= float(pixels[part]);
        m_samples.push_back({int(part), spread(bins[part])});
    }
}

void PersonLook::finish() {
    m_usual.assign(mostParts, {});
    m_common.assign(allBins, false);
    std::vector<float> values;
    for (int part = 0; part < mostParts; ++part) {
        std::vector<const Sample*> samples;
        for (const auto& sample : m_samples)
            if (sample.part == part)
                samples.push_back(&sample);
        if (samples.empty())
            continue;
        auto& usual = m_usual[std::size_t(part)];
        usual.resize(allBins);
        const auto middle = std::ptrdiff_t(double(samples.size()) * rareShare);
        for (std::size_t bin = 0; bin < allBins; ++bin) {
            values.clear();
            for (const auto* sample : samples)
                values.push_back(sample->shares[bin]);
            std::nth_element(values.begin(), values.begin() + middle, values.end());
            usual[bin] = values[std::size_t(middle)];
            if (usual[bin] > commonShare)
                m_common[bin] = true;
        }
    }
    m_samples.clear();
}

bool PersonLook::has(int part, int bin, float share) const {
    const auto& shares = m_usual[std::size_t(std::clamp(part, 0, mostParts - 1))];
    return !shares.empty() && shares[std::size_t(bin)] > share;
}

bool PersonLook::usual(const LayerView& view, cv::Point at) const {
    const int bin = binOf(view.lab.at<cv::Vec3b>(at));
    const bool ahead = !view.ahead.empty() && view.ahead.at<float>(at) > aheadMargin;
    const float enough = ahead ? commonShare : usualShare;
    const float enoughNear = ahead ? commonShare : strictShare;
    const int part = view.parts.at<std::uint8_t>(at);
    // A part that was never seen by itself can look like anything.
    if (m_usual[std::size_t(std::min(part, mostParts - 1))].empty() || has(part, bin, enough))
        return true;
    if (view.partsAreBands) {
        // Bands of the height are only roughly parts: those above and below may be meant.
        for (int away = 1; away <= 3; ++away)
            for (const int near : {part - away, part + away})
                if (has(near, bin, away == 1 ? enough : enoughNear))
                    return true;
        return false;
    }
    // The fitted body is some way off: what is usual just beside counts, when it is common there.
    const int reach = std::max(2, view.box.height / 20);
    const cv::Rect all({0, 0}, view.parts.size());
    for (const cv::Point step :
         {cv::Point(-reach, 0), cv::Point(reach, 0), cv::Point(0, -reach), cv::Point(0, reach)})
        if (all.contains(at + step) && has(view.parts.at<std::uint8_t>(at + step), bin, enoughNear))
            return true;
    return false;
}

double PersonLook::likeSomePart(const LayerView& view, const cv::Mat& mask) const {
    if (m_common.empty())
        return 0;
    int all = 0, like = 0;
    for (int y = 0; y < mask.rows; ++y)
        for (int x = 0; x < mask.cols; ++x)
            if (mask.at<std::uint8_t>(y, x)) {
                ++all;
                like += m_common[std::size_t(binOf(view.lab.at<cv::Vec3b>(y, x)))];
            }
    return all ? double(like) / all : 0;
}

cv::Mat PersonLook::explains(const LayerView& view) const {
    cv::Mat result = cv::Mat::zeros(view.lab.size(), CV_8U);
    for (int y = 0; y < result.rows; ++y)
        for (int x = 0; x < result.cols; ++x) {
            if (!view.zone.at<std::uint8_t>(y, x))
                continue;
            if (usual(view, {x, y}))
                result.at<std::uint8_t>(y, x) = 255;
        }
    return result;
}

} // namespace strata
