// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/smooth_fill.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace {

/// Three box filters look like a Gaussian and cost the same for every sigma.
cv::Mat blurred(cv::Mat image, double sigma) {
    const int side = std::max(1, int(sigma * 1.0)) * 2 + 1;
    for (int pass = 0; pass < 3; ++pass)
        cv::boxFilter(image, image, -1, {side, side}, {-1, -1}, true, cv::BORDER_CONSTANT);
    return image;
}

} // namespace

cv::Mat smoothFill(const cv::Mat& values, const cv::Mat& weight, double fineSigma,
                   double coarseSigma) {
    constexpr float coarseShare = 0.02f;
    constexpr float meanShare = 1e-5f;
    cv::Mat weights;
    cv::merge(std::vector<cv::Mat>(std::size_t(values.channels()), weight), weights);
    const cv::Mat product = values.mul(weights);
    const double total = std::max(cv::sum(weight)[0], 1e-9);
    const cv::Scalar mean = cv::sum(product) * (1.0 / total);

    cv::Mat sum = blurred(product.clone(), fineSigma) +
                  double(coarseShare) * blurred(product.clone(), coarseSigma);
    cv::Mat norm = blurred(weights.clone(), fineSigma) +
                   double(coarseShare) * blurred(weights.clone(), coarseSigma);
    sum += cv::Scalar(mean * double(meanShare));
    norm += cv::Scalar::all(double(meanShare));
    cv::Mat result;
    cv::divide(sum, norm, result);
    return result;
}

} // namespace strata
