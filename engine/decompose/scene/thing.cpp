// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/thing.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

// Root mean square difference of Lab levels that still is the same thing: anywhere, and where the
// matte has something that may be it.
constexpr double likeness = 13.0, likenessInMatte = 20.0;
constexpr double inMatte = 0.8; // of its area

} // namespace

std::vector<Thing> thingsIn(const cv::Mat& mask, const cv::Mat& lab) {
    cv::Mat labels, stats, centres;
    const int n = cv::connectedComponentsWithStats(mask, labels, stats, centres);
    std::vector<Thing> things;
    for (int i = 1; i < n; ++i) {
        const int* s = stats.ptr<int>(i);
        Thing thing;
        thing.box = {s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH],
                     s[cv::CC_STAT_HEIGHT]};
        thing.mask = labels(thing.box) == i;
        thing.look = lab(thing.box).clone();
        thing.centre = {centres.at<double>(i, 0), centres.at<double>(i, 1)};
        thing.area = s[cv::CC_STAT_AREA];
        things.push_back(std::move(thing));
    }
    return things;
}

void draw(const Thing& thing, cv::Mat& mask) {
    const cv::Rect inside = thing.box & cv::Rect({0, 0}, mask.size());
    if (inside.empty())
        return;
    const cv::Rect part(inside.tl() - thing.box.tl(), inside.size());
    mask(inside).setTo(255, thing.mask(part));
}

bool samePlace(const Thing& a, const Thing& b) {
    const double ratio = a.area / b.area;
    return ratio > 0.35 && ratio < 2.9 &&
           cv::norm(a.centre - b.centre) < 2.0 * std::sqrt(std::max(a.area, b.area));
}

const Thing* partnerOf(const Thing& thing, const std::vector<Thing>& others) {
    const Thing* best = nullptr;
    for (const auto& other : others)
        if (samePlace(thing, other) && (!best || cv::norm(other.centre - thing.centre) <
                                                     cv::norm(best->centre - thing.centre)))
            best = &other;
    return best;
}

std::optional<Thing> carriedOn(const Thing& thing, const cv::Mat& lab, const cv::Mat& human) {
    const int reach = std::max(4, int(0.5 * std::sqrt(thing.area)));
    const cv::Rect all({0, 0}, lab.size());
    const cv::Point shift(int(std::lround(thing.velocity.x)), int(std::lround(thing.velocity.y)));
    // Its way goes on, or is stopped by a foot or a hand.
    const cv::Rect way = thing.box | (thing.box + shift);
    const cv::Rect search =
        cv::Rect(way.x - reach, way.y - reach, way.width + 2 * reach, way.height + 2 * reach) & all;
    if (search.width < thing.box.width || search.height < thing.box.height)
        return std::nullopt; // it leaves the picture
    cv::Mat score;
    cv::matchTemplate(lab(search), thing.look, score, cv::TM_SQDIFF, thing.mask);
    double best = 0;
    cv::Point at;
    cv::minMaxLoc(score, &best, nullptr, &at, nullptr);
    Thing next = thing;
    next.box = {search.x + at.x, search.y + at.y, thing.box.width, thing.box.height};
    const int inside = cv::countNonZero((human(next.box) > 127) & thing.mask);
    const double most = inside > inMatte * thing.area ? likenessInMatte : likeness;
    if (!(std::sqrt(std::max(0.0, best) / (3.0 * thing.area)) < most))
        return std::nullopt;
    const cv::Point2d moved(next.box.x - thing.box.x, next.box.y - thing.box.y);
    next.centre = thing.centre + moved;
    next.velocity = moved;
    next.look = lab(next.box).clone();
    return next;
}

} // namespace strata
