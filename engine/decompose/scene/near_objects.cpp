// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/near_objects.h"

#include "engine/decompose/scene/ground_plane.h"
#include "engine/decompose/scene/mask_pieces.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double aboveGround = 0.05;    // share of the depth range
constexpr double leastStepShare = 0.25; // of a thing's outline that must be a step in depth
constexpr double leastOutside = 0.35;   // of a thing outside the matte: the rest are limbs
constexpr double bodyReach = 0.04;      // of the body's height: still right at the body
constexpr double leastCovered = 0.008;  // of the body's area
constexpr double mostCovered = 0.6;     // of an object
constexpr double limbShare = 0.12;      // of the body's area: more is no shoe
constexpr double sameShare = 0.25;      // of an object that must be known for it to be the same

int edgeReach(const cv::Mat& depth) { return std::max(2, depth.cols / 130); }

/// Local least and greatest depth.
struct Surround {
    cv::Mat low, high;
    Surround(const cv::Mat& depth, int reach) {
        const cv::Mat around = cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U);
        cv::erode(depth, low, around);
        cv::dilate(depth, high, around);
    }
};

/// Share of the component's outline inside the picture across which the depth falls by half the
/// margin or more. The ground rises out of the picture without such a step, a thing that stands on
/// it does not.
double stepShare(const cv::Mat& component, const cv::Mat& depth, const Surround& around,
                 double margin) {
    cv::Mat inner;
    cv::erode(component, inner, cv::Mat(), {-1, -1}, 1, cv::BORDER_REPLICATE);
    const cv::Mat outline = component & ~inner;
    int steps = 0, all = 0;
    for (int y = 1; y + 1 < component.rows; ++y)
        for (int x = 1; x + 1 < component.cols; ++x) {
            if (!outline.at<std::uint8_t>(y, x))
                continue;
            ++all;
            const float now = depth.at<float>(y, x);
            const float fall = now - around.low.at<float>(y, x);
            const float rise = around.high.at<float>(y, x) - now; // as large on a slope
            steps += double(fall - rise) > 0.5 * margin;
        }
    return all ? double(steps) / all : 0.;
}

/// An upright thing ends where the ground has come as near as itself: the strip above that line,
/// which hardly rises above the ground, belongs to it, but not what is the person's there.
void standOnGround(cv::Mat& component, const LayerView& view, const GroundPlane& ground,
                   double margin) {
    const cv::Mat& depth = view.depth;
    const int most = std::min(component.rows, int(2 * margin / ground.perY));
    for (int x = 0; x < component.cols; ++x)
        for (int y = component.rows - 2; y > 0; --y) {
            if (!component.at<std::uint8_t>(y, x) || component.at<std::uint8_t>(y + 1, x))
                continue;
            const double own = double(depth.at<float>(y, x));
            for (int k = 1; k <= most && y + k < component.rows; ++k) {
                if (view.human.at<std::uint8_t>(y + k, x) > 127 || ground.at(x, y + k) > own ||
                    std::abs(double(depth.at<float>(y + k, x)) - own) > 0.6 * margin)
                    break;
                component.at<std::uint8_t>(y + k, x) = 255;
            }
        }
}

cv::Mat nearPixels(const LayerView& view, double person, double margin,
                   const std::optional<GroundPlane>& ground, double above) {
    cv::Mat result = cv::Mat::zeros(view.depth.size(), CV_8U);
    for (int y = 0; y < result.rows; ++y)
        for (int x = 0; x < result.cols; ++x) {
            const double now = double(view.depth.at<float>(y, x));
            // Inside the matte only what is far ahead of the person.
            const bool inMatte = view.human.at<std::uint8_t>(y, x) > 100;
            const bool nearer = now > person + (inMatte ? 2 : 1) * margin;
            if (nearer && !(ground && now < ground->at(x, y) + above) &&
                view.others.at<std::uint8_t>(y, x) <= 100)
                result.at<std::uint8_t>(y, x) = 255;
        }
    return result;
}

/// Steps of a depth map are soft: an object ends half-way down to what is beside it.
cv::Mat softRim(const cv::Mat& depth, const cv::Mat& candidates, const Surround& around,
                double margin) {
    cv::Mat outside = depth.clone();
    outside.setTo(1e6, candidates);
    const Surround beside(outside, edgeReach(depth));
    cv::Mat result = cv::Mat::zeros(depth.size(), CV_8U);
    for (int y = 0; y < depth.rows; ++y)
        for (int x = 0; x < depth.cols; ++x) {
            const float low = beside.low.at<float>(y, x);
            const float high = around.high.at<float>(y, x);
            if (double(high - low) > margin && depth.at<float>(y, x) < 0.5f * (low + high))
                result.at<std::uint8_t>(y, x) = 255;
        }
    return result;
}

/// What touches an object in the picture and is hardly nearer than the person, while the object is
/// by far, is something behind it.
std::vector<cv::Mat> byDepth(const cv::Mat& piece, const cv::Mat& depth, double person,
                             double least) {
    const double lead = medianInside(depth, piece) - person;
    const cv::Mat own = piece & (depth >= person + ownLead * lead);
    auto objects = piecesOf(own, least);
    for (auto& other : piecesOf(piece & ~own, least))
        objects.push_back(std::move(other));
    return objects;
}

} // namespace

double depthRange(const cv::Mat& depth) {
    std::vector<float> values;
    for (int y = 0; y < depth.rows; y += 3)
        for (int x = 0; x < depth.cols; x += 3)
            values.push_back(depth.at<float>(y, x));
    const auto at = [&](double share) {
        const auto place = values.begin() + std::ptrdiff_t(double(values.size() - 1) * share);
        std::nth_element(values.begin(), place, values.end());
        return double(*place);
    };
    const double low = at(0.02);
    return std::max(at(0.98) - low, 1e-4);
}

std::optional<double> personDepth(const LayerView& view) {
    if (view.depth.empty() || view.box.empty())
        return std::nullopt;
    cv::Mat person = view.human > 200;
    cv::erode(person, person, cv::Mat(), {-1, -1}, 2);
    std::vector<float> depths;
    for (int y = view.box.y; y < view.box.br().y; ++y)
        for (int x = view.box.x; x < view.box.br().x; ++x)
            if (person.at<std::uint8_t>(y, x))
                depths.push_back(view.depth.at<float>(y, x));
    if (depths.size() < 40)
        return std::nullopt;
    const auto middle = depths.begin() + std::ptrdiff_t(depths.size() / 2);
    std::nth_element(depths.begin(), middle, depths.end());
    return double(*middle);
}

NearObjects nearObjects(const LayerView& view, double person, const LayerOptions& options) {
    NearObjects objects;
    if (view.depth.empty())
        return objects;
    const double range = depthRange(view.depth);
    const double margin = double(options.nearMargin) * range;
    const auto ground = fitGround(view, range);
    const Surround around(view.depth, edgeReach(view.depth));
    cv::Mat candidates = nearPixels(view, person, margin, ground, aboveGround * range);
    candidates &= ~softRim(view.depth, candidates, around, margin);
    cv::morphologyEx(candidates, candidates, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
    const double least = std::max(30.0, double(options.minAreaShare) * cv::countNonZero(view.body));
    objects.labels = cv::Mat::zeros(candidates.size(), CV_32S);
    for (const auto& piece : piecesOf(candidates, least))
        for (auto& object : byDepth(piece, view.depth, person, least)) {
            const double area = cv::countNonZero(object);
            if (cv::countNonZero(object & (view.human < 128)) < leastOutside * area ||
                stepShare(object, view.depth, around, margin) < leastStepShare)
                continue;
            if (ground)
                standOnGround(object, view, *ground, aboveGround * range);
            object.setTo(0, objects.labels > 0);
            objects.labels.setTo(++objects.count, object);
        }
    return objects;
}

cv::Mat aboveTheGround(const LayerView& view) {
    if (view.depth.empty())
        return {};
    const double range = depthRange(view.depth);
    const auto ground = fitGround(view, range);
    if (!ground)
        return {};
    cv::Mat result(view.depth.size(), CV_32F);
    for (int y = 0; y < result.rows; ++y)
        for (int x = 0; x < result.cols; ++x)
            result.at<float>(y, x) =
                float((double(view.depth.at<float>(y, x)) - ground->at(x, y)) / range);
    return result;
}

cv::Mat atTheBody(const NearObjects& objects, const LayerView& view) {
    cv::Mat result = cv::Mat::zeros(objects.labels.size(), CV_8U);
    if (view.box.empty())
        return result;
    cv::Mat body = view.body | (view.human > 127), distance;
    cv::distanceTransform(body == 0, distance, cv::DIST_L2, cv::DIST_MASK_5);
    const cv::Mat reach = distance < std::max(3.0, bodyReach * view.box.height);
    const double least = std::max(8.0, leastCovered * cv::countNonZero(body));
    for (int i = 1; i <= objects.count; ++i) {
        const cv::Mat component = objects.labels == i;
        const int area = cv::countNonZero(component);
        const int covered = cv::countNonZero(component & reach);
        // What is small and hardly leaves the body is a shoe or a hand that the matte missed, or a
        // small thing, which its look tells from the body.
        if (covered >= least &&
            (covered < mostCovered * area || area > limbShare * cv::countNonZero(body)))
            result |= component;
    }
    return result;
}

cv::Mat alsoIn(const NearObjects& objects, const cv::Mat& known) {
    cv::Mat result = cv::Mat::zeros(objects.labels.size(), CV_8U);
    for (int i = 1; i <= objects.count; ++i) {
        const cv::Mat component = objects.labels == i;
        if (cv::countNonZero(component & known) >= sameShare * cv::countNonZero(component))
            result |= component;
    }
    return result;
}

} // namespace strata
