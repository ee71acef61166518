// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/similarity.h"

#include <array>
#include <cmath>
#include <vector>

namespace strata {
namespace {

constexpr int kSide = 11;
constexpr double kDeviation = 1.5;
constexpr double kLight = 0.01 * 255 * 0.01 * 255, kContrast = 0.03 * 255 * 0.03 * 255;

std::array<double, kSide> window() {
    std::array<double, kSide> out{};
    double sum = 0;
    for (int i = 0; i < kSide; ++i) {
        const double x = i - kSide / 2;
        sum += out[std::size_t(i)] = std::exp(-x * x / (2 * kDeviation * kDeviation));
    }
    for (double& weight : out)
        weight /= sum;
    return out;
}

/// Weighted means of the two pictures' values, squares and product in one window.
struct Moments {
    double a = 0, b = 0, aa = 0, bb = 0, ab = 0;

    void add(double weight, const Moments& other) {
        a += weight * other.a;
        b += weight * other.b;
        aa += weight * other.aa;
        bb += weight * other.bb;
        ab += weight * other.ab;
    }
    double similarity() const {
        const double light = (2 * a * b + kLight) / (a * a + b * b + kLight);
        return light * (2 * (ab - a * b) + kContrast) / (aa - a * a + bb - b * b + kContrast);
    }
};

double sumOfChannel(const ImageU8& a, const ImageU8& b, int channel) {
    static const auto weights = window();
    const int across = a.width() - kSide + 1, down = a.height() - kSide + 1;
    std::vector<Moments> rows(std::size_t(across) * std::size_t(a.height())); // of windows of a row
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < across; ++x)
            for (int k = 0; k < kSide; ++k) {
                const double p = a.pixel(x + k, y)[channel], q = b.pixel(x + k, y)[channel];
                rows[std::size_t(y) * std::size_t(across) + std::size_t(x)].add(
                    weights[std::size_t(k)], {p, q, p * p, q * q, p * q});
            }
    double sum = 0;
    for (int y = 0; y < down; ++y)
        for (int x = 0; x < across; ++x) {
            Moments all;
            for (int k = 0; k < kSide; ++k)
                all.add(weights[std::size_t(k)],
                        rows[std::size_t(y + k) * std::size_t(across) + std::size_t(x)]);
            sum += all.similarity();
        }
    return sum / (double(across) * down);
}

} // namespace

Result<double> structuralSimilarity(const ImageU8& a, const ImageU8& b) {
    if (a.size() != b.size() || a.channels() != b.channels() || a.width() < kSide ||
        a.height() < kSide)
        return Error{ErrorCode::ShapeMismatch,
                     "Structural similarity needs two pictures of one shape, at least 11 pixels "
                     "wide and high."};
    double sum = 0;
    for (int c = 0; c < a.channels(); ++c)
        sum += sumOfChannel(a, b, c);
    return sum / a.channels();
}

} // namespace strata
