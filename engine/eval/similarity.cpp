// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/similarity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace strata {
namespace {

constexpr int kSide = 11;
constexpr double kDeviation = 1.5;
// Of the scales of the published measure, the finest first.
constexpr std::array kScaleWeights{0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
constexpr int kLeastSide = kSide << (kScaleWeights.size() - 1);
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

/// One channel.
struct Plane {
    int width = 0, height = 0;
    std::vector<double> values;

    const double* row(int y) const { return values.data() + std::size_t(y) * std::size_t(width); }
};

Plane planeOf(const ImageU8& image, int channel) {
    Plane out{image.width(), image.height(), {}};
    out.values.reserve(image.count() / std::size_t(image.channels()));
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            out.values.push_back(image.pixel(x, y)[channel]);
    return out;
}

/// Means of 2 x 2 pixels; an odd last row or column is left out.
Plane halved(const Plane& plane) {
    Plane out{plane.width / 2, plane.height / 2, {}};
    for (int y = 0; y < out.height; ++y)
        for (int x = 0; x < out.width; ++x) {
            const double *upper = plane.row(2 * y) + 2 * x, *lower = plane.row(2 * y + 1) + 2 * x;
            out.values.push_back((upper[0] + upper[1] + lower[0] + lower[1]) / 4);
        }
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
    double light() const { return (2 * a * b + kLight) / (a * a + b * b + kLight); }
    /// Contrast and structure in one.
    double structure() const {
        return (2 * (ab - a * b) + kContrast) / (aa - a * a + bb - b * b + kContrast);
    }
};

/// Means over all windows inside the picture.
struct Likeness {
    double whole = 0, structure = 0;
};

Likeness likenessOf(const Plane& a, const Plane& b) {
    static const auto weights = window();
    const int across = a.width - kSide + 1, down = a.height - kSide + 1;
    std::vector<Moments> rows(std::size_t(across) * std::size_t(a.height)); // of windows of a row
    for (int y = 0; y < a.height; ++y)
        for (int x = 0; x < across; ++x)
            for (int k = 0; k < kSide; ++k) {
                const double p = a.row(y)[x + k], q = b.row(y)[x + k];
                rows[std::size_t(y) * std::size_t(across) + std::size_t(x)].add(
                    weights[std::size_t(k)], {p, q, p * p, q * q, p * q});
            }
    Likeness sum;
    for (int y = 0; y < down; ++y)
        for (int x = 0; x < across; ++x) {
            Moments all;
            for (int k = 0; k < kSide; ++k)
                all.add(weights[std::size_t(k)],
                        rows[std::size_t(y + k) * std::size_t(across) + std::size_t(x)]);
            sum.whole += all.light() * all.structure();
            sum.structure += all.structure();
        }
    const double windows = double(across) * down;
    return {sum.whole / windows, sum.structure / windows};
}

double multiScale(Plane a, Plane b) {
    double product = 1;
    for (std::size_t scale = 0; scale < kScaleWeights.size(); ++scale) {
        const Likeness at = likenessOf(a, b);
        const bool coarsest = scale + 1 == kScaleWeights.size();
        // Pictures that are opposites have negative structure, which has no such power.
        product *=
            std::pow(std::max(coarsest ? at.whole : at.structure, 0.0), kScaleWeights[scale]);
        if (!coarsest) {
            a = halved(a);
            b = halved(b);
        }
    }
    return product;
}

bool alike(const ImageU8& a, const ImageU8& b, int leastSide) {
    return a.size() == b.size() && a.channels() == b.channels() && a.width() >= leastSide &&
           a.height() >= leastSide;
}

template <typename Measure>
double meanOfChannels(const ImageU8& a, const ImageU8& b, const Measure& measure) {
    double sum = 0;
    for (int c = 0; c < a.channels(); ++c)
        sum += measure(planeOf(a, c), planeOf(b, c));
    return sum / a.channels();
}

} // namespace

Result<double> structuralSimilarity(const ImageU8& a, const ImageU8& b) {
    if (!alike(a, b, kSide))
        return Error{ErrorCode::ShapeMismatch,
                     "Structural similarity needs two pictures of one shape, at least 11 pixels "
                     "wide and high."};
    return meanOfChannels(
        a, b, [](const Plane& one, const Plane& other) { return likenessOf(one, other).whole; });
}

Result<double> multiScaleSimilarity(const ImageU8& a, const ImageU8& b) {
    if (!alike(a, b, kLeastSide))
        return Error{ErrorCode::ShapeMismatch,
                     "Structural similarity at five scales needs two pictures of one shape, at "
                     "least 176 pixels wide and high."};
    return meanOfChannels(a, b, multiScale);
}

} // namespace strata
