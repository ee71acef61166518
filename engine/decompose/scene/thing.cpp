// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/thing.h"

#include "engine/decompose/scene/disc.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double likeness =
    13.0; // root mean square difference of Lab levels that still is the same thing
constexpr double softEdge = 0.1;   // of a thing's diameter: the person's matte may hold that too
constexpr double rim = 0.15;       // of it: the width of what is looked at round a thing
constexpr double mostPerson = 0.2; // of that, when the thing is alone

bool standsAlone(const cv::Mat& mask, cv::Rect box, const cv::Mat& person) {
    const double diameter = std::sqrt(double(cv::countNonZero(mask)));
    const int edge = std::max(2, int(softEdge * diameter));
    const int reach = edge + std::max(2, int(rim * diameter));
    cv::Mat near, round;
    cv::copyMakeBorder(mask, near, reach, reach, reach, reach, cv::BORDER_CONSTANT);
    cv::dilate(near, round, disc(reach));
    cv::dilate(near, near, disc(edge));
    round.setTo(0, near);
    const cv::Rect place(box.x - reach, box.y - reach, round.cols, round.rows);
    const cv::Rect seen = place & cv::Rect({0, 0}, person.size());
    round = round(cv::Rect(seen.tl() - place.tl(), seen.size()));
    return cv::countNonZero(round & (person(seen) > 127)) <= mostPerson * cv::countNonZero(round);
}

} // namespace

std::vector<Thing> thingsIn(const cv::Mat& mask, const cv::Mat& lab, const cv::Mat& person) {
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
        thing.alone = standsAlone(thing.mask, thing.box, person);
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

std::optional<Thing> carriedOn(const Thing& thing, const cv::Mat& lab) {
    const int reach = std::max(4, int(0.35 * std::sqrt(thing.area)));
    const cv::Rect all({0, 0}, lab.size());
    const cv::Point shift(int(std::lround(thing.velocity.x)), int(std::lround(thing.velocity.y)));
    const cv::Rect wanted(thing.box.x + shift.x - reach, thing.box.y + shift.y - reach,
                          thing.box.width + 2 * reach, thing.box.height + 2 * reach);
    const cv::Rect search = wanted & all;
    if (search.width < thing.box.width || search.height < thing.box.height)
        return std::nullopt; // it leaves the picture
    cv::Mat score;
    cv::matchTemplate(lab(search), thing.look, score, cv::TM_SQDIFF, thing.mask);
    double best = 0;
    cv::Point at;
    cv::minMaxLoc(score, &best, nullptr, &at, nullptr);
    if (!(std::sqrt(std::max(0.0, best) / (3.0 * thing.area)) < likeness))
        return std::nullopt;
    Thing next = thing;
    next.box = {search.x + at.x, search.y + at.y, thing.box.width, thing.box.height};
    const cv::Point2d moved(next.box.x - thing.box.x, next.box.y - thing.box.y);
    next.centre = thing.centre + moved;
    next.velocity = 0.5 * (thing.velocity + moved);
    return next;
}

} // namespace strata
