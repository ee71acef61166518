// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/thing.h"

#include "engine/decompose/scene/disc.h"
#include "engine/decompose/scene/with_border.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

// Root mean square difference of Lab levels that still is the same thing: anywhere, and where the
// matte has something that may be it.
constexpr double likeness = 13.0, likenessInMatte = 20.0;
constexpr double inMatte = 0.8;     // of its area
constexpr double rimReach = 0.05;   // of a thing's extent: two outlines of it differ so much
constexpr double takenShare = 0.5;  // of a missing part, at least, is what the matte holds
constexpr double notMissing = 0.01; // of its area: less is no part of it

/// Up to where a difference is the same thing, on pixels `mask` of it, where the matte is `human`.
double mostUnlike(const cv::Mat& mask, const cv::Mat& human) {
    const int inside = cv::countNonZero((human > 127) & mask);
    return inside > inMatte * cv::countNonZero(mask) ? likenessInMatte : likeness;
}

/// The thing where, within `area` and a little round it, the picture is most like it. Nothing where
/// that is not like it.
std::optional<Thing> lookedFor(const Thing& thing, const cv::Rect& area, const cv::Mat& lab,
                               const cv::Mat& human) {
    const int reach = std::max(4, int(0.5 * std::sqrt(thing.area)));
    const cv::Rect search = withBorder(area, reach, lab.size());
    if (search.width < thing.box.width || search.height < thing.box.height)
        return std::nullopt; // it leaves the picture
    cv::Mat score;
    cv::matchTemplate(lab(search), thing.look, score, cv::TM_SQDIFF, thing.mask);
    double best = 0;
    cv::Point at;
    cv::minMaxLoc(score, &best, nullptr, &at, nullptr);
    Thing next = thing;
    next.box = {search.x + at.x, search.y + at.y, thing.box.width, thing.box.height};
    if (!(std::sqrt(std::max(0.0, best) / (3.0 * thing.area)) <
          mostUnlike(thing.mask, human(next.box))))
        return std::nullopt;
    const cv::Point2d moved(next.box.x - thing.box.x, next.box.y - thing.box.y);
    next.centre = thing.centre + moved;
    next.velocity = moved;
    next.look = lab(next.box).clone();
    return next;
}

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
    const cv::Point shift(int(std::lround(thing.velocity.x)), int(std::lround(thing.velocity.y)));
    // Its way goes on, or is stopped by a foot or a hand.
    return lookedFor(thing, thing.box | (thing.box + shift), lab, human);
}

Thing completed(const Thing& found, const Thing& thing, const cv::Mat& lab, const cv::Mat& human) {
    const cv::Rect toTheLeft(found.box.br() - cv::Point(thing.box.size()), thing.box.size());
    const cv::Rect toTheRight(found.box.tl(), thing.box.size());
    const auto there = lookedFor(thing, toTheLeft | toTheRight, lab, human);
    if (!there)
        return found;
    const cv::Rect both = found.box | there->box;
    cv::Mat whole = cv::Mat::zeros(both.size(), CV_8U), missing = whole.clone();
    there->mask.copyTo(missing(there->box - both.tl()));
    found.mask.copyTo(whole(found.box - both.tl()));
    missing.setTo(0, whole);
    const int rim = std::max(1, int(std::lround(rimReach * std::sqrt(thing.area))));
    cv::copyMakeBorder(missing, missing, rim, rim, rim, rim, cv::BORDER_CONSTANT);
    cv::morphologyEx(missing, missing, cv::MORPH_OPEN, disc(rim));
    missing = missing(cv::Rect({rim, rim}, both.size()));
    const int area = cv::countNonZero(missing);
    if (area < notMissing * thing.area)
        return found;
    if (cv::countNonZero(missing & (human(both) > 127)) < takenShare * area)
        return found;
    const cv::Mat part = missing(there->box - both.tl());
    const double unlike = cv::norm(there->look, thing.look, cv::NORM_L2, part);
    if (!(unlike / std::sqrt(3.0 * area) < mostUnlike(part, human(there->box))))
        return found;
    Thing result = found;
    result.box = both;
    result.mask = whole | missing;
    result.look = lab(both).clone();
    const cv::Moments moments = cv::moments(result.mask, true);
    result.area = moments.m00;
    result.centre = cv::Point2d(both.tl()) + cv::Point2d(moments.m10, moments.m01) / moments.m00;
    return result;
}

} // namespace strata
