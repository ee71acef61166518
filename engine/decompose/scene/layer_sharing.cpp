// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/layer_sharing.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/disc.h"
#include "engine/decompose/scene/with_border.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <vector>

namespace strata {
namespace {

constexpr double scrapShare = 0.05;     // of the body's area: more is no scrap of a thing
constexpr double smallThingShare = 0.2; // of the body's area: what can be cut into by a matte
constexpr double scrapInside = 0.3;     // of a scrap, at most, lies on the body
constexpr double scrapRound = 0.5;      // of a scrap, at least, lies in the circle round the thing
constexpr double stripShare = 0.03;     // of the frame's longer side: a wider piece is no strip
constexpr double alongBoth = 0.4; // one side of a strip is as long as the other, at least so much
constexpr double rimLead = 0.85;  // of the other side's steepness: the rim is an edge too
constexpr double nearlyAll = 0.5; // of both: what the matte took along as a piece of its own
constexpr double roundest = 5;    // area of a thing by its half thickness squared: a disc has pi
constexpr int rimPart = 160;      // of the frame's longer side: half the width of a rim

int rimRadius(cv::Size frame) { return std::max(2, std::max(frame.width, frame.height) / rimPart); }

/// The box of component `i` of connectedComponentsWithStats, `margin` wider on all sides, as far as
/// it lies in the picture.
cv::Rect boxRound(const cv::Mat& stats, int i, int margin, cv::Size picture) {
    const auto stat = [&](int which) { return stats.at<int>(i, which); };
    return withBorder({stat(cv::CC_STAT_LEFT), stat(cv::CC_STAT_TOP), stat(cv::CC_STAT_WIDTH),
                       stat(cv::CC_STAT_HEIGHT)},
                      margin, picture);
}

/// Where a thing lies on the person, 255: a thin strip at its rim is not it but the two edges,
/// which are never found in exactly the same place.
cv::Mat onThePerson(const cv::Mat& thing, const cv::Mat& person) {
    const int radius = rimRadius(thing.size());
    const cv::Mat both = (thing > 127) & (person > 127);
    cv::Mat core;
    cv::erode(both, core, disc(radius));
    cv::dilate(core, core, disc(2 * radius)); // and its soft edge
    return core;
}

/// How steep the picture is, 0..255 a pixel, with what is steepest within a rim's width of each
/// pixel: edges are never found in exactly the same place.
cv::Mat steepness(const ImageU8& rgb) {
    cv::Mat soft, dx, dy, result = cv::Mat::zeros(rgb.height(), rgb.width(), CV_16S);
    cv::GaussianBlur(view(rgb), soft, {}, 1.0);
    cv::Sobel(soft, dx, CV_16S, 1, 0, 3, 0.25);
    cv::Sobel(soft, dy, CV_16S, 0, 1, 3, 0.25);
    cv::Mat planes[3], size = cv::abs(dx) + cv::abs(dy);
    cv::split(size, planes);
    for (const cv::Mat& plane : planes)
        result = cv::max(result, plane);
    cv::dilate(result, result, disc(2));
    return result;
}

/// The connected pieces of a mask.
struct Pieces {
    cv::Mat labels, stats, centres;

    explicit Pieces(const cv::Mat& mask) {
        cv::connectedComponentsWithStats(mask, labels, stats, centres);
    }
    /// Of the piece that `part`, 255 inside the box, belongs to.
    int areaAt(const cv::Rect& box, const cv::Mat& part) const {
        double label = 0;
        cv::minMaxLoc(labels(box), nullptr, &label, nullptr, nullptr, part);
        return stats.at<int>(int(label), cv::CC_STAT_AREA);
    }
};

/// About as wide as long.
bool isRound(const cv::Mat& piece, int area) {
    cv::Mat padded, distance;
    cv::copyMakeBorder(piece, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT);
    cv::distanceTransform(padded, distance, cv::DIST_L2, cv::DIST_MASK_5);
    double thickness = 0;
    cv::minMaxLoc(distance, nullptr, &thickness);
    return area < roundest * thickness * thickness;
}

/// Pieces of a thing on the person that are really the person: strips along the rim of the matte,
/// which the depth's soft edge has swollen over. The thing's outline then is the rim, where the
/// picture shows an edge, and not the strip's other side, where it shows less of one.
cv::Mat swollenStrips(const cv::Mat& things, const cv::Mat& person, const cv::Mat& thing,
                      const ImageU8& rgb) {
    cv::Mat result = cv::Mat::zeros(things.size(), CV_8U);
    const cv::Mat both = things & (thing > 127) & (person > 127);
    const cv::Mat thingAlone = (thing > 127) & (person <= 127);
    const cv::Mat personAlone = (person > 127) & ~both;
    const double most = stripShare * double(std::max(rgb.width(), rgb.height()));
    cv::Mat labels, stats, centres, steep;
    const int n = cv::connectedComponentsWithStats(both, labels, stats, centres);
    const Pieces persons(person > 127), fronts(thing > 127);
    for (int i = 1; i < n; ++i) {
        const int area = stats.at<int>(i, cv::CC_STAT_AREA);
        const cv::Rect box = boxRound(stats, i, 2, things.size());
        const cv::Mat piece = labels(box) == i;
        const int all = fronts.areaAt(box, piece);
        if (area > nearlyAll * std::max(persons.areaAt(box, piece), all))
            continue;
        if (area > nearlyAll * all && isRound(piece, area))
            continue; // a ball at a shoe of its colour, in one piece of the matte with the leg
        cv::Mat wide;
        cv::dilate(piece, wide, cv::Mat());
        const cv::Mat rim = wide & thingAlone(box), inner = wide & personAlone(box);
        const int length = cv::countNonZero(rim), within = cv::countNonZero(inner);
        if (std::min(length, within) < alongBoth * std::max(length, within) || area > most * length)
            continue; // it lies across the person, or away from all that is the person's alone
        if (steep.empty())
            steep = steepness(rgb);
        const double atRim = cv::mean(steep(box), rim)[0];
        const double inside = cv::mean(steep(box), inner)[0];
        if (atRim > rimLead * inside)
            result(box) |= piece;
    }
    return result;
}

/// How much of a scrap lies in the circle round the things that `wide`, the scrap and what is next
/// to it, touches: the rest of a ball fills its circle, a shoe sticks out of it.
double insideCircle(const cv::Mat& scrap, const cv::Mat& wide, const cv::Rect& box,
                    const Pieces& things) {
    cv::Mat touched = cv::Mat::zeros(things.labels.size(), CV_8U);
    for (int i = 1; i < things.stats.rows; ++i)
        if (cv::countNonZero((things.labels(box) == i) & wide))
            touched |= things.labels == i;
    std::vector<cv::Point> points;
    cv::findNonZero(touched, points);
    cv::Point2f centre;
    float radius = 0;
    cv::minEnclosingCircle(points, centre, radius);
    cv::Mat circle = cv::Mat::zeros(box.size(), CV_8U);
    cv::circle(circle, cv::Point(centre) - box.tl(), cvCeil(radius), cv::Scalar(255), cv::FILLED);
    return double(cv::countNonZero(scrap & circle)) / cv::countNonZero(scrap);
}

/// A mask without its larger pieces.
cv::Mat smallPieces(const cv::Mat& mask, double most) {
    cv::Mat labels, stats, centres, result = mask.clone();
    const int n = cv::connectedComponentsWithStats(mask, labels, stats, centres);
    for (int i = 1; i < n; ++i)
        if (stats.at<int>(i, cv::CC_STAT_AREA) > most)
            result.setTo(0, labels == i);
    return result;
}

} // namespace

void shareBetween(cv::Mat person, cv::Mat thing, const ImageU8& rgb) {
    cv::Mat things = onThePerson(thing, person);
    cv::Mat swollen = swollenStrips(things, person, thing, rgb);
    if (cv::countNonZero(swollen)) {
        cv::dilate(swollen, swollen, disc(rimRadius(thing.size()))); // and its soft edge
        things.setTo(0, swollen & (person > 0));
    }
    for (int y = 0; y < person.rows; ++y)
        for (int x = 0; x < person.cols; ++x) {
            auto& alpha = person.at<std::uint8_t>(y, x);
            auto& front = thing.at<std::uint8_t>(y, x);
            if (things.at<std::uint8_t>(y, x))
                alpha = std::uint8_t(alpha * (255 - front) / 255);
            else
                front = std::uint8_t(front * (255 - alpha) / 255);
        }
}

void giveScraps(cv::Mat person, cv::Mat thing, const cv::Mat& body) {
    const double bodyArea = cv::countNonZero(body);
    const cv::Mat things = smallPieces(thing > 127, smallThingShare * bodyArea);
    const cv::Mat pieces = smallPieces(person > 127, scrapShare * bodyArea);
    if (!cv::countNonZero(things) || !cv::countNonZero(pieces))
        return;
    const Pieces fronts(things);
    const int radius = rimRadius(thing.size());
    const cv::Mat reach = disc(radius);
    cv::Mat labels, stats, centres, wide;
    const int n = cv::connectedComponentsWithStats(pieces, labels, stats, centres);
    for (int i = 1; i < n; ++i) {
        const int area = stats.at<int>(i, cv::CC_STAT_AREA);
        const cv::Rect box = boxRound(stats, i, radius, thing.size());
        const cv::Mat piece = labels(box) == i;
        cv::dilate(piece, wide, reach);
        if (cv::countNonZero(piece & body(box)) > scrapInside * area ||
            !cv::countNonZero(wide & things(box)) ||
            insideCircle(piece, wide, box, fronts) < scrapRound)
            continue;
        cv::Mat front = thing(box), behind = person(box);
        cv::Mat(front + behind).copyTo(front, wide); // both fade across the cut
        behind.setTo(0, wide);
    }
}

} // namespace strata
