// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/appearing_parts.h"

#include "engine/decompose/subject/color_model.h"
#include "engine/decompose/subject/graph_cut.h"
#include "engine/decompose/subject/guided_filter.h"
#include "engine/decompose/subject/picture_compare.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace {

constexpr double kReach = 0.07;       // of the person's height: how far a part moves in one frame
constexpr double kLeastPart = 0.003;  // of the person's area
constexpr double kMostPart = 0.25;    // more is a person, not a part
constexpr double kLeastSeen = 20;     // pixels
constexpr double kChange = 14;        // levels
constexpr double kLeastChanged = 0.3; // of what is seen: the frame before may show some of it
constexpr double kColorSays = 2, kMost = 4; // log odds
constexpr float kCoupling = 2.f;            // of neighbours in the cut

cv::Mat disc(int radius) {
    return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
}

/// Pieces of `mask` of such areas, each as a mask of the same size.
std::vector<cv::Mat> pieces(const cv::Mat& mask, double least, double most) {
    cv::Mat labels, stats, centers;
    const int count = cv::connectedComponentsWithStats(mask, labels, stats, centers, 8, CV_32S);
    std::vector<cv::Mat> out;
    for (int label = 1; label < count; ++label)
        if (const int area = stats.at<int>(label, cv::CC_STAT_AREA); area >= least && area <= most)
            out.push_back(labels == label);
    return out;
}

/// How far `now` is from what `before` has around the place that the flow leads to.
cv::Mat differenceTo(const cv::Mat& before, const cv::Mat& now) {
    cv::Mat from, to, there;
    cv::cvtColor(now, from, cv::COLOR_RGB2GRAY);
    cv::cvtColor(before, to, cv::COLOR_RGB2GRAY);
    cv::remap(before, there, samplingMap(opticalFlow(from, to)), cv::noArray(), cv::INTER_LINEAR,
              cv::BORDER_REPLICATE);
    return colorDistance(now, there);
}

/// The colours of a part against those around it.
ColorModel colorsOf(const MattedFrame& frame, const cv::Mat& part, const cv::Mat& around) {
    cv::Mat share(part.size(), CV_32F, cv::Scalar(0.5)); // what is neither teaches nothing
    share.setTo(0.f, around & (frame.alpha < 8));
    share.setTo(1.f, part & (frame.alpha > 247));
    ColorModel model;
    model.learn(frame.rgb, share, 1.f);
    return model;
}

/// How far a part moves in one frame, in pixels.
int reachOf(const cv::Mat& alpha) {
    return std::max(3, int(kReach * cv::boundingRect(alpha > 127).height));
}

} // namespace

std::vector<cv::Mat> appearingParts(const cv::Mat& now, const cv::Mat& next,
                                    const cv::Mat& afterNext) {
    const cv::Mat person = next > 127;
    const double area = cv::countNonZero(person);
    std::vector<cv::Mat> parts = pieces(person, std::max(50., kLeastPart * area), kMostPart * area);
    if (parts.empty())
        return parts;
    const int reach = reachOf(next);
    cv::Mat known, later;
    cv::dilate(now > 127, known, disc(reach / 2));
    cv::dilate(afterNext > 127, later, disc(reach));
    std::erase_if(parts, [&](const cv::Mat& part) {
        return cv::countNonZero(part & known) > 0 || cv::countNonZero(part & later) == 0;
    });
    return parts;
}

cv::Mat alreadySeen(const cv::Mat& part, const cv::Mat& before, const cv::Mat& now,
                    const MattedFrame& next) {
    cv::Mat out = cv::Mat::zeros(part.size(), CV_8U), around;
    cv::dilate(part, around, disc(reachOf(next.alpha)));
    const cv::Rect room = cv::boundingRect(around);
    const cv::Mat rgb = now(room).clone();
    const auto colors = colorsOf({next.rgb(room), next.alpha(room)}, part(room), around(room));
    cv::Mat odds = kColorSays * colors.logOdds(rgb);
    odds.setTo(-kMost, around(room) == 0);
    const cv::Mat changed = differenceTo(before(room), rgb) > kChange;
    cv::Mat found = cv::Mat::zeros(room.size(), CV_8U);
    for (const cv::Mat& piece : pieces(graphCut(rgb, odds, kCoupling), kLeastSeen, 1e9))
        if (cv::countNonZero(piece & changed) > kLeastChanged * cv::countNonZero(piece))
            found |= piece;
    cv::morphologyEx(found, found, cv::MORPH_CLOSE, disc(2)); // thin stripes of other colours
    if (cv::countNonZero(found) == 0)
        return out;
    cv::Mat soft;
    found.convertTo(soft, CV_32F, 1.0 / 255);
    const int radius = std::max(2, std::min(part.cols, part.rows) / 100);
    cv::Mat(guidedFilter(rgb, soft, radius, 1e-4f) * 1.25 - 0.125)
        .convertTo(out(room), CV_8U, 255.0);
    return out;
}

} // namespace strata
