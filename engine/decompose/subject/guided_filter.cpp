// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/guided_filter.h"

#include <opencv2/imgproc.hpp>

#include <array>

namespace strata {
namespace {

struct Box {
    int side;
    cv::Mat operator()(const cv::Mat& m) const {
        cv::Mat out;
        cv::boxFilter(m, out, CV_32F, {side, side}, {-1, -1}, true, cv::BORDER_REFLECT);
        return out;
    }
};

} // namespace

cv::Mat guidedFilter(const cv::Mat& rgb, const cv::Mat& values, int radius, float epsilon) {
    const Box mean{2 * radius + 1};
    cv::Mat guide;
    rgb.convertTo(guide, CV_32F, 1.0 / 255);
    std::array<cv::Mat, 3> c;
    cv::split(guide, c.data());
    const std::array<cv::Mat, 3> m{mean(c[0]), mean(c[1]), mean(c[2])};
    const cv::Mat mv = mean(values);
    // Covariances of the guide (symmetric 3 x 3) and of guide and values, per window.
    std::array<cv::Mat, 6> s;
    for (int i = 0, k = 0; i < 3; ++i)
        for (int j = i; j < 3; ++j, ++k)
            s[k] = mean(c[i].mul(c[j])) - m[i].mul(m[j]);
    std::array<cv::Mat, 3> v;
    for (int i = 0; i < 3; ++i)
        v[i] = mean(c[i].mul(values)) - m[i].mul(mv);
    std::array<cv::Mat, 3> a;
    for (cv::Mat& plane : a)
        plane.create(values.size(), CV_32F);
    for (int y = 0; y < values.rows; ++y)
        for (int x = 0; x < values.cols; ++x) {
            const auto at = [y, x](const cv::Mat& p) { return p.at<float>(y, x); };
            // Inverse of the symmetric covariance by its cofactors.
            const float xx = at(s[0]) + epsilon, xy = at(s[1]), xz = at(s[2]);
            const float yy = at(s[3]) + epsilon, yz = at(s[4]), zz = at(s[5]) + epsilon;
            const float cxx = yy * zz - yz * yz, cxy = xz * yz - xy * zz, cxz = xy * yz - xz * yy;
            const float cyy = xx * zz - xz * xz, cyz = xy * xz - xx * yz, czz = xx * yy - xy * xy;
            const float scale = 1.f / (xx * cxx + xy * cxy + xz * cxz);
            const float p = at(v[0]), q = at(v[1]), r = at(v[2]);
            a[0].at<float>(y, x) = scale * (cxx * p + cxy * q + cxz * r);
            a[1].at<float>(y, x) = scale * (cxy * p + cyy * q + cyz * r);
            a[2].at<float>(y, x) = scale * (cxz * p + cyz * q + czz * r);
        }
    const cv::Mat b = mv - a[0].mul(m[0]) - a[1].mul(m[1]) - a[2].mul(m[2]);
    return mean(a[0]).mul(c[0]) + mean(a[1]).mul(c[1]) + mean(a[2]).mul(c[2]) + mean(b);
}

} // namespace strata
