// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/hole_regions.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace {

constexpr int kNetworkSide = 512; // what MI-GAN works at; a smaller crop would only be enlarged
constexpr double kContext = 2.0;  // side of the crop over the longer side of the hole
constexpr int kNear = 32;         // holes with less between them are one

RectI joined(const RectI& a, const RectI& b) {
    return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

bool touches(const RectI& a, const RectI& b) {
    return a.x0 < b.x1 + kNear && b.x0 < a.x1 + kNear && a.y0 < b.y1 + kNear && b.y0 < a.y1 + kNear;
}

// [from, to) widened to `length` about its middle, moved into [0, limit).
void widen(int& from, int& to, int length, int limit) {
    length = std::min(length, limit);
    from = std::clamp((from + to - length) / 2, 0, limit - length);
    to = from + length;
}

RectI grown(RectI rect, Size frame) {
    const int longer = std::max(rect.width(), rect.height());
    const int side = std::max(kNetworkSide, int(longer * kContext));
    widen(rect.x0, rect.x1, side, frame.width);
    widen(rect.y0, rect.y1, side, frame.height);
    return rect;
}

// Joins rectangles until no two of them touch.
std::vector<RectI> merged(std::vector<RectI> rects) {
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = 0; i < rects.size(); ++i)
            for (std::size_t j = i + 1; j < rects.size();)
                if (touches(rects[i], rects[j])) {
                    rects[i] = joined(rects[i], rects[j]);
                    rects.erase(rects.begin() + std::ptrdiff_t(j));
                    changed = true;
                } else {
                    ++j;
                }
    }
    return rects;
}

// Square crops that mostly show the same thing are run once instead of twice.
bool sharesACrop(const RectI& a, const RectI& b, Size frame) {
    const RectI whole = grown(joined(a, b), frame);
    const RectI one = grown(a, frame), two = grown(b, frame);
    const auto area = [](const RectI& r) { return double(r.width()) * r.height(); };
    return area(whole) <= std::max(area(one), area(two)) * 1.25;
}

} // namespace

std::vector<RectI> holeRegions(const ImageU8& hole, std::uint8_t threshold) {
    const cv::Mat source(hole.height(), hole.width(), CV_8UC1,
                         const_cast<std::uint8_t*>(hole.data()));
    cv::Mat labels, stats, centroids;
    const int count =
        cv::connectedComponentsWithStats(source > threshold, labels, stats, centroids, 8, CV_32S);
    std::vector<RectI> rects;
    for (int i = 1; i < count; ++i) {
        const int x = stats.at<int>(i, cv::CC_STAT_LEFT), y = stats.at<int>(i, cv::CC_STAT_TOP);
        const RectI rect{x, y, x + stats.at<int>(i, cv::CC_STAT_WIDTH),
                         y + stats.at<int>(i, cv::CC_STAT_HEIGHT)};
        // Adding to the list only what touches nothing keeps it short for masks full of specks.
        const auto near = std::find_if(rects.begin(), rects.end(),
                                       [&](const RectI& other) { return touches(rect, other); });
        if (near == rects.end())
            rects.push_back(rect);
        else
            *near = joined(*near, rect);
    }
    rects = merged(std::move(rects));
    for (std::size_t i = 0; i < rects.size(); ++i)
        for (std::size_t j = i + 1; j < rects.size();)
            if (sharesACrop(rects[i], rects[j], hole.size())) {
                rects[i] = joined(rects[i], rects[j]);
                rects.erase(rects.begin() + std::ptrdiff_t(j));
                j = i + 1;
            } else {
                ++j;
            }
    for (auto& rect : rects)
        rect = grown(rect, hole.size());
    return rects;
}

} // namespace strata
