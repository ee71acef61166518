// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/layer_view.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/disc.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace {

constexpr int bands = 10;
constexpr double zoneReach = 0.3;  // of the body's height
constexpr double bodyReach = 0.04; // of the body's height: clothes and hair stand off by that much
constexpr double fittingShare = 0.7; // of the person, inside the body

Result<cv::Mat> reduced(MaskSource* source, std::int64_t index, Size work, int interpolation) {
    if (!source)
        return cv::Mat(work.height, work.width, CV_8U, cv::Scalar(0));
    STRATA_ASSIGN(const auto frame, source->frame(index));
    if (frame->empty() || frame->channels() != 1)
        return Error{ErrorCode::ShapeMismatch, "A mask for the layers does not have one channel."};
    cv::Mat result;
    cv::resize(view(*frame), result, {work.width, work.height}, 0, 0, interpolation);
    return result;
}

/// Without a fitted body: the matte with holes and notches closed.
cv::Mat closedBody(const cv::Mat& human) {
    cv::Mat body = human > 127;
    const auto box = cv::boundingRect(body);
    if (box.empty())
        return body;
    const int radius = std::max(2, box.height / 20);
    cv::Mat padded;
    cv::copyMakeBorder(body, padded, radius, radius, radius, radius, cv::BORDER_CONSTANT);
    cv::morphologyEx(padded, padded, cv::MORPH_CLOSE, disc(radius));
    return padded(cv::Rect({radius, radius}, body.size())).clone();
}

/// Gives every pixel the part of the nearest pixel that has one.
cv::Mat nearestPart(const cv::Mat& parts) {
    cv::Mat distance, labels, result = cv::Mat::zeros(parts.size(), CV_8U);
    cv::distanceTransform(parts == 0, distance, labels, cv::DIST_L2, cv::DIST_MASK_5,
                          cv::DIST_LABEL_PIXEL);
    std::vector<std::uint8_t> partOf(parts.total() + 1, 0);
    for (int y = 0; y < parts.rows; ++y)
        for (int x = 0; x < parts.cols; ++x)
            if (const auto part = parts.at<std::uint8_t>(y, x))
                partOf[std::size_t(labels.at<int>(y, x))] =
                    std::min<std::uint8_t>(part, mostParts - 1);
    for (int y = 0; y < parts.rows; ++y)
        for (int x = 0; x < parts.cols; ++x)
            result.at<std::uint8_t>(y, x) = partOf[std::size_t(labels.at<int>(y, x))];
    return result;
}

cv::Mat bandsOf(cv::Rect box, cv::Size size) {
    cv::Mat parts(size, CV_8U);
    for (int y = 0; y < size.height; ++y)
        parts.row(y).setTo(1 +
                           std::clamp((y - box.y) * bands / std::max(1, box.height), 0, bands - 1));
    return parts;
}

bool personIsInside(const cv::Mat& body, const cv::Mat& person) {
    const int all = cv::countNonZero(person);
    cv::Mat wide;
    cv::dilate(body, wide,
               disc(std::max(2, int(bodyReach * cv::boundingRect(body | person).height))));
    return cv::countNonZero(wide & person) >= fittingShare * all;
}

} // namespace

Result<LayerView> readLayerView(const LayerInputs& inputs, std::int64_t index, Size work) {
    LayerView result;
    result.index = index;
    const cv::Size size(work.width, work.height);
    STRATA_ASSIGN(const auto frame, inputs.rgb->frame(index));
    if (frame->empty() || frame->channels() != 3)
        return Error{ErrorCode::ShapeMismatch,
                     "A frame for the layers does not have three channels."};
    cv::resize(view(*frame), result.rgb, size, 0, 0, cv::INTER_AREA);
    cv::cvtColor(result.rgb, result.lab, cv::COLOR_RGB2Lab);
    STRATA_ASSIGN(result.human, reduced(inputs.human, index, work, cv::INTER_AREA));
    STRATA_ASSIGN(result.others, reduced(inputs.otherPeople, index, work, cv::INTER_AREA));
    STRATA_ASSIGN(result.body, reduced(inputs.silhouette, index, work, cv::INTER_AREA));
    STRATA_ASSIGN(result.parts, reduced(inputs.bodyParts, index, work, cv::INTER_NEAREST));
    result.body = result.body > 127;
    if (!cv::countNonZero(result.body))
        result.body = closedBody(result.human);
    result.bodyFits = personIsInside(result.body, result.human > 127);
    if (inputs.depth) {
        STRATA_ASSIGN(const auto depth, inputs.depth->frame(index));
        if (depth->empty() || depth->channels() != 1)
            return Error{ErrorCode::ShapeMismatch, "A depth map for the layers is empty."};
        cv::Mat small;
        cv::resize(view(*depth), small, size, 0, 0, cv::INTER_AREA);
        small.convertTo(result.depth, CV_32F, 1.0 / 65535);
    }
    result.box = cv::boundingRect(result.body | (result.human > 127));
    result.zone = cv::Mat::zeros(size, CV_8U);
    if (result.box.empty())
        return result;
    result.parts =
        cv::countNonZero(result.parts) ? nearestPart(result.parts) : bandsOf(result.box, size);
    cv::Mat distance;
    cv::distanceTransform((result.body | (result.human > 127)) == 0, distance, cv::DIST_L2,
                          cv::DIST_MASK_5);
    result.zone = distance < std::max(8.0, zoneReach * result.box.height);
    return result;
}

} // namespace strata
