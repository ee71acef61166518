// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/ground_plane.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {
namespace {

constexpr double tolerance = 0.015;  // share of the depth range
constexpr double leastRise = 0.15;   // share of the depth range over the picture's height
constexpr double mostTilt = 0.5;     // of the rise: cameras are held nearly level
constexpr double leastSupport = 0.1; // share of the lower part of the picture
constexpr int tries = 400;
constexpr std::size_t mostPixels = 1500;

struct Pixel {
    double x, y, depth;
};

/// Pixels from a little above the feet down, or the lower 40 % when the feet are not in view.
std::vector<Pixel> lowerPart(const LayerView& view) {
    int top = view.depth.rows * 6 / 10;
    if (!view.box.empty() && view.box.br().y < view.depth.rows * 19 / 20)
        top = std::max(view.depth.rows * 4 / 10, view.box.br().y - view.box.height / 4);
    top = std::min(top, view.depth.rows * 17 / 20);
    const double area = double(view.depth.rows - top) * view.depth.cols;
    const int step = std::max(1, int(std::sqrt(area / double(mostPixels))));
    std::vector<Pixel> pixels;
    for (int y = top; y < view.depth.rows; y += step)
        for (int x = 0; x < view.depth.cols; x += step)
            if (view.human.at<std::uint8_t>(y, x) < 40 && view.others.at<std::uint8_t>(y, x) < 40)
                pixels.push_back({double(x), double(y), double(view.depth.at<float>(y, x))});
    return pixels;
}

std::optional<GroundPlane> through(const Pixel& a, const Pixel& b, const Pixel& c) {
    const double ux = b.x - a.x, uy = b.y - a.y, vx = c.x - a.x, vy = c.y - a.y;
    const double area = ux * vy - uy * vx;
    if (std::abs(area) < 50)
        return std::nullopt;
    const double u = b.depth - a.depth, v = c.depth - a.depth;
    GroundPlane plane;
    plane.perX = (u * vy - v * uy) / area;
    plane.perY = (v * ux - u * vx) / area;
    plane.base = a.depth - plane.perX * a.x - plane.perY * a.y;
    return plane;
}

/// Least squares through what lies near the plane.
GroundPlane refined(GroundPlane plane, const std::vector<Pixel>& pixels, double reach) {
    for (int round = 0; round < 5; ++round) {
        cv::Matx33d squares = cv::Matx33d::eye() * 1e-9;
        cv::Vec3d sums;
        for (const auto& p : pixels) {
            const double r = (p.depth - plane.at(p.x, p.y)) / (2 * reach);
            if (std::abs(r) >= 1)
                continue;
            const double weight = (1 - r * r) * (1 - r * r);
            const cv::Vec3d at(1, p.x / 100, p.y / 100);
            squares += weight * (at * at.t());
            sums += weight * p.depth * at;
        }
        const cv::Vec3d solved = squares.solve(sums, cv::DECOMP_CHOLESKY);
        plane = {solved[0], solved[1] / 100, solved[2] / 100};
    }
    return plane;
}

} // namespace

std::optional<GroundPlane> fitGround(const LayerView& view, double range) {
    const auto pixels = lowerPart(view);
    if (pixels.size() < 100)
        return std::nullopt;
    const double rise = leastRise * range / view.depth.rows;
    const double reach = tolerance * range;
    const auto allowed = [&](const GroundPlane& plane) {
        return plane.perY >= rise && std::abs(plane.perX) <= mostTilt * plane.perY;
    };
    cv::RNG random(77); // the same answer for the same frame
    std::optional<GroundPlane> best;
    std::size_t most = 0;
    for (int i = 0; i < tries; ++i) {
        const auto pick = [&]() -> const Pixel& {
            return pixels[std::size_t(random.uniform(0, int(pixels.size())))];
        };
        const auto& a = pick();
        const auto& b = pick();
        const auto plane = through(a, b, pick());
        if (!plane || !allowed(*plane))
            continue;
        std::size_t near = 0;
        for (const auto& p : pixels)
            near += std::abs(p.depth - plane->at(p.x, p.y)) < reach;
        if (near > most) {
            most = near;
            best = plane;
        }
    }
    if (!best || double(most) < leastSupport * double(pixels.size()))
        return std::nullopt;
    const auto plane = refined(*best, pixels, reach);
    return allowed(plane) ? plane : *best;
}

} // namespace strata
