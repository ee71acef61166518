// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/graph_cut.h"

#include <opencv2/imgproc/detail/gcgraph.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

struct Step {
    int x, y;
    float weight; // of the pair, by its distance
};

constexpr Step kSteps[] = {{1, 0, 1.f}, {0, 1, 1.f}, {1, 1, 0.7071f}, {-1, 1, 0.7071f}};

float colorDistance(const cv::Mat& rgb, int y, int x, int v, int u) {
    const auto& a = rgb.at<cv::Vec3b>(y, x);
    const auto& b = rgb.at<cv::Vec3b>(v, u);
    const float dr = float(a[0]) - float(b[0]), dg = float(a[1]) - float(b[1]),
                db = float(a[2]) - float(b[2]);
    return dr * dr + dg * dg + db * db;
}

template <typename Visit>
void forPairs(const cv::Mat& rgb, const Visit& visit) {
    for (int y = 0; y < rgb.rows; ++y)
        for (int x = 0; x < rgb.cols; ++x)
            for (const Step& step : kSteps) {
                const int u = x + step.x, v = y + step.y;
                if (u >= 0 && u < rgb.cols && v < rgb.rows)
                    visit(y * rgb.cols + x, v * rgb.cols + u, step.weight,
                          colorDistance(rgb, y, x, v, u));
            }
}

} // namespace

cv::Mat graphCut(const cv::Mat& rgb, const cv::Mat& odds, float coupling) {
    double sum = 0;
    std::int64_t pairs = 0;
    forPairs(rgb, [&](int, int, float, float distance) {
        sum += distance;
        ++pairs;
    });
    const float beta =
        float(1.0 / std::max(2.0 * sum / double(std::max<std::int64_t>(pairs, 1)), 1.0));
    cv::detail::GCGraph<float> graph(unsigned(rgb.total()), unsigned(2 * pairs));
    for (int y = 0; y < rgb.rows; ++y)
        for (int x = 0; x < rgb.cols; ++x) {
            const float preference = odds.at<float>(y, x);
            graph.addTermWeights(graph.addVtx(), std::max(preference, 0.f),
                                 std::max(-preference, 0.f));
        }
    forPairs(rgb, [&](int a, int b, float weight, float distance) {
        const float price = coupling * weight * (0.1f + 0.9f * std::exp(-beta * distance));
        graph.addEdges(a, b, price, price);
    });
    graph.maxFlow();
    cv::Mat inside(rgb.size(), CV_8U);
    for (int y = 0; y < rgb.rows; ++y)
        for (int x = 0; x < rgb.cols; ++x)
            inside.at<std::uint8_t>(y, x) = graph.inSourceSegment(y * rgb.cols + x) ? 255 : 0;
    return inside;
}

} // namespace strata
