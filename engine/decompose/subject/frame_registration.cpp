// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/frame_registration.h"

#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <optional>

namespace strata {
namespace {

constexpr int kMostFeatures = 1500;
constexpr int kLeastInliers = 24;
constexpr int kLeastNear = 10; // corners of a nearer thing
constexpr int kMostMotions = 4;
constexpr double kReprojection = 2.0; // pixels
constexpr int kStrongest = 400;       // corners that the first guess is made of
constexpr int kLeastRough = 16;
constexpr int kFarthest = 64;     // bits of descriptors that still count as alike
constexpr float kParallax = 48.f; // pixels that nearer things may be off the far scene's motion
constexpr float kCell = 24.f;

void dropInliers(std::vector<cv::Point2f>& a, std::vector<cv::Point2f>& b, const cv::Mat& inliers) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!inliers.at<std::uint8_t>(int(i))) {
            a[kept] = a[i];
            b[kept++] = b[i];
        }
    a.resize(kept);
    b.resize(kept);
}

void strongestFirst(std::vector<cv::KeyPoint>& corners, cv::Mat& descriptors) {
    std::vector<int> order(corners.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(
        order, [&](int i, int j) { return corners[i].response > corners[j].response; });
    std::vector<cv::KeyPoint> sorted(corners.size());
    cv::Mat rows(descriptors.size(), descriptors.type());
    for (std::size_t i = 0; i < order.size(); ++i) {
        sorted[i] = corners[order[i]];
        descriptors.row(order[i]).copyTo(rows.row(int(i)));
    }
    corners = std::move(sorted);
    descriptors = rows;
}

int bits(const std::uint8_t* a, const std::uint8_t* b) {
    // Counted in parallel within the words: popcount is a call on old targets.
    std::uint64_t sum = 0;
    for (int i = 0; i < 4; ++i) {
        std::uint64_t x, y;
        std::memcpy(&x, a + 8 * i, 8);
        std::memcpy(&y, b + 8 * i, 8);
        x ^= y;
        x -= (x >> 1) & 0x5555555555555555u;
        x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
        sum += (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    }
    sum = (sum & 0x00ff00ff00ff00ffu) + ((sum >> 8) & 0x00ff00ff00ff00ffu);
    return int((sum * 0x0001000100010001u) >> 48);
}

/// Corners by their place, so that few are looked at round one.
class Cells {
public:
    explicit Cells(const std::vector<cv::Point2f>& points)
        : m_points(points) {
        for (const cv::Point2f& p : points) {
            m_columns = std::max(m_columns, cellOf(p.x) + 1);
            m_rows = std::max(m_rows, cellOf(p.y) + 1);
        }
        m_cells.resize(std::size_t(m_columns) * m_rows);
        for (int i = 0; i < int(points.size()); ++i)
            m_cells[std::size_t(cellOf(points[i].y)) * m_columns + cellOf(points[i].x)].push_back(
                i);
    }

    /// Those within kParallax of `place` along both axes.
    template <typename Visit>
    void near(cv::Point2f place, const Visit& visit) const {
        const int left = cellOf(place.x - kParallax), top = cellOf(place.y - kParallax);
        const int right = std::min(cellOf(place.x + kParallax), m_columns - 1);
        const int bottom = std::min(cellOf(place.y + kParallax), m_rows - 1);
        for (int row = top; row <= bottom; ++row)
            for (int column = left; column <= right; ++column)
                for (const int i : m_cells[std::size_t(row) * m_columns + column])
                    if (std::abs(m_points[i].x - place.x) <= kParallax &&
                        std::abs(m_points[i].y - place.y) <= kParallax)
                        visit(i);
    }

private:
    /// Places far off the picture, which a bad guess gives, are held in range.
    static int cellOf(float at) { return at > 0.f ? int(std::min(at, 1e5f) / kCell) : 0; }

    const std::vector<cv::Point2f>& m_points;
    int m_columns = 0, m_rows = 0;
    std::vector<std::vector<int>> m_cells;
};

/// Pairs of corners that are each other's best match among those within kParallax of where `guess`
/// puts them.
void matchNear(const FrameFeatures& from, const FrameFeatures& to, const cv::Matx33d& guess,
               std::vector<cv::Point2f>& a, std::vector<cv::Point2f>& b) {
    const Cells cells(to.points);
    struct Best {
        int other = -1, distance = kFarthest;
    };
    std::vector<Best> forward(from.points.size()), backward(to.points.size());
    std::vector<cv::Point2f> placed;
    cv::perspectiveTransform(from.points, placed, guess);
    for (int i = 0; i < int(placed.size()); ++i) {
        cells.near(placed[i], [&](int j) {
            const int distance =
                bits(from.descriptors.ptr<std::uint8_t>(i), to.descriptors.ptr<std::uint8_t>(j));
            if (distance < forward[i].distance)
                forward[i] = {j, distance};
            if (distance < backward[j].distance)
                backward[j] = {i, distance};
        });
    }
    for (int i = 0; i < int(forward.size()); ++i)
        if (forward[i].other >= 0 && backward[forward[i].other].other == i) {
            a.push_back(from.points[i]);
            b.push_back(to.points[forward[i].other]);
        }
}

} // namespace

FrameFeatures featuresOf(const cv::Mat& gray, const cv::Mat& free) {
    const auto orb =
        cv::ORB::create(kMostFeatures, 1.3F, 4, 15, 0, 2, cv::ORB::HARRIS_SCORE, 21, 10);
    std::vector<cv::KeyPoint> corners;
    FrameFeatures features;
    orb->detectAndCompute(gray, free, corners, features.descriptors);
    strongestFirst(corners, features.descriptors);
    cv::KeyPoint::convert(corners, features.points);
    return features;
}

std::optional<cv::Matx33d> roughMotion(const FrameFeatures& from, const FrameFeatures& to) {
    if (int(from.points.size()) < kLeastRough || int(to.points.size()) < kLeastRough)
        return {};
    const auto strongest = [](const FrameFeatures& f) {
        return f.descriptors.rowRange(0, std::min(f.descriptors.rows, kStrongest));
    };
    std::vector<cv::DMatch> matches;
    cv::BFMatcher(cv::NORM_HAMMING, true).match(strongest(from), strongest(to), matches);
    std::vector<cv::Point2f> a, b;
    for (const cv::DMatch& match : matches)
        if (match.distance < kFarthest) {
            a.push_back(from.points[match.queryIdx]);
            b.push_back(to.points[match.trainIdx]);
        }
    if (int(a.size()) < kLeastRough)
        return {};
    cv::setRNGSeed(1); // the same frames give the same answer, whatever was computed before
    cv::Mat inliers;
    const cv::Mat found = cv::findHomography(a, b, cv::RANSAC, 3.0, inliers, 500, 0.99);
    if (found.empty() || cv::countNonZero(inliers) < kLeastRough)
        return {};
    return cv::Matx33d(found);
}

std::vector<cv::Matx33d> motionsBetween(const FrameFeatures& from, const FrameFeatures& to,
                                        const cv::Matx33d& guess) {
    std::vector<cv::Matx33d> motions;
    if (int(from.points.size()) < kLeastInliers || int(to.points.size()) < kLeastInliers)
        return motions;
    std::vector<cv::Point2f> a, b;
    matchNear(from, to, guess, a, b);
    if (int(a.size()) < kLeastInliers)
        return motions;
    cv::setRNGSeed(1); // the same frames give the same answer, whatever was computed before
    cv::Mat inliers;
    const cv::Mat main = cv::findHomography(a, b, cv::RANSAC, kReprojection, inliers, 1000, 0.995);
    if (main.empty() || cv::countNonZero(inliers) < kLeastInliers)
        return motions;
    motions.emplace_back(main);
    while (int(motions.size()) < kMostMotions) {
        dropInliers(a, b, inliers);
        if (int(a.size()) < kLeastNear)
            break;
        const cv::Mat near =
            cv::estimateAffinePartial2D(a, b, inliers, cv::RANSAC, kReprojection, 1000, 0.99);
        if (near.empty() || cv::countNonZero(inliers) < kLeastNear)
            break;
        const cv::Matx23d m(near);
        motions.emplace_back(m(0, 0), m(0, 1), m(0, 2), m(1, 0), m(1, 1), m(1, 2), 0, 0, 1);
    }
    return motions;
}

} // namespace strata
