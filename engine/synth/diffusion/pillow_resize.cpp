// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/pillow_resize.h"

#include "engine/core/parallel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <type_traits>
#include <vector>

namespace strata {
namespace {

double sinc(double x) {
    if (x == 0.0)
        return 1.0;
    x *= std::numbers::pi;
    return std::sin(x) / x;
}

double boxFilter(double x) { return x > -0.5 && x <= 0.5 ? 1.0 : 0.0; }

double triangleFilter(double x) {
    x = std::abs(x);
    return x < 1.0 ? 1.0 - x : 0.0;
}

double hammingFilter(double x) {
    x = std::abs(x);
    if (x >= 1.0)
        return 0.0;
    return x == 0.0 ? 1.0 : sinc(x) * (0.54 + 0.46 * std::cos(std::numbers::pi * x));
}

double cubicFilter(double x) {
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1.0)
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    return x < 2.0 ? (((x - 5) * x + 8) * x - 4) * a : 0.0;
}

double lanczosFilter(double x) { return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0; }

struct Kernel {
    double (*value)(double);
    double support;
};

Kernel kernelOf(PillowFilter filter) {
    switch (filter) {
    case PillowFilter::Box:
        return {boxFilter, 0.5};
    case PillowFilter::Bilinear:
        return {triangleFilter, 1.0};
    case PillowFilter::Hamming:
        return {hammingFilter, 1.0};
    case PillowFilter::Bicubic:
        return {cubicFilter, 2.0};
    default:
        return {lanczosFilter, 3.0};
    }
}

constexpr int kPrecision = 22; // bits behind the point of 8-bit pictures' weights

/// Which input samples make one output sample.
template <typename Weight>
struct Tap {
    int first = 0;
    std::vector<Weight> weights;
};

/// Samples [begin, end) of the input that may be looked at.
struct Range {
    int begin, end;
};

template <typename Weight>
std::vector<Tap<Weight>> tapsFor(int in, int out, const Kernel& kernel, Range range) {
    const double scale = double(in) / out;
    const double widening = std::max(scale, 1.0);
    const double support = kernel.support * widening;
    const double inverse = 1.0 / widening;
    std::vector<Tap<Weight>> taps(static_cast<std::size_t>(out));
    std::vector<double> weights;
    for (int i = 0; i < out; ++i) {
        const double center = (i + 0.5) * scale;
        const int first = std::clamp(int(center - support + 0.5), range.begin, range.end - 1);
        const int count = std::max(std::min(range.end, int(center + support + 0.5)) - first, 1);
        weights.assign(std::size_t(count), 0.0);
        double sum = 0.0;
        for (int k = 0; k < count; ++k) {
            weights[std::size_t(k)] = kernel.value((k + first - center + 0.5) * inverse);
            sum += weights[std::size_t(k)];
        }
        Tap<Weight>& tap = taps[std::size_t(i)];
        tap.first = first;
        for (double weight : weights) {
            if (sum != 0.0)
                weight /= sum;
            else if (count == 1)
                weight = 1.0; // beyond the range
            if constexpr (std::is_integral_v<Weight>)
                tap.weights.push_back(
                    Weight((weight < 0 ? -0.5 : 0.5) + weight * (1 << kPrecision)));
            else
                tap.weights.push_back(weight);
        }
    }
    return taps;
}

/// Sums are integers for 8-bit pictures, double otherwise.
template <typename T>
using SumOf = std::conditional_t<std::is_same_v<T, std::uint8_t>, std::int32_t, double>;

template <typename T>
constexpr SumOf<T> startOf() {
    return std::is_same_v<T, std::uint8_t> ? SumOf<T>(1 << (kPrecision - 1)) : SumOf<T>(0);
}

template <typename T>
T rounded(SumOf<T> sum) {
    if constexpr (std::is_same_v<T, std::uint8_t>)
        return T(std::clamp(sum >> kPrecision, 0, 255));
    else
        return T(sum);
}

template <typename T>
Image<T> alongRows(const Image<T>& image, int width, const Kernel& kernel, Range range) {
    const auto taps = tapsFor<SumOf<T>>(image.width(), width, kernel, range);
    const int channels = image.channels();
    Image<T> out(width, image.height(), channels);
    parallelFor(0, image.height(), 8, [&](std::int64_t begin, std::int64_t end) {
        for (auto y = begin; y < end; ++y) {
            T* to = out.row(int(y));
            for (const auto& tap : taps)
                for (int c = 0; c < channels; ++c) {
                    const T* from = image.pixel(tap.first, int(y)) + c;
                    SumOf<T> sum = startOf<T>();
                    for (std::size_t k = 0; k < tap.weights.size(); ++k)
                        sum += SumOf<T>(from[k * std::size_t(channels)]) * tap.weights[k];
                    *to++ = rounded<T>(sum);
                }
        }
    });
    return out;
}

template <typename T>
Image<T> alongColumns(const Image<T>& image, int height, const Kernel& kernel, Range range) {
    const auto taps = tapsFor<SumOf<T>>(image.height(), height, kernel, range);
    Image<T> out(image.width(), height, image.channels());
    const std::size_t samples = std::size_t(image.width()) * std::size_t(image.channels());
    parallelFor(0, height, 8, [&](std::int64_t begin, std::int64_t end) {
        std::vector<SumOf<T>> sums(samples);
        for (auto y = begin; y < end; ++y) {
            const auto& tap = taps[std::size_t(y)];
            std::fill(sums.begin(), sums.end(), startOf<T>());
            for (std::size_t k = 0; k < tap.weights.size(); ++k) {
                const T* from = image.row(tap.first + int(k));
                const auto weight = tap.weights[k];
                for (std::size_t i = 0; i < samples; ++i)
                    sums[i] += SumOf<T>(from[i]) * weight;
            }
            std::transform(sums.begin(), sums.end(), out.row(int(y)), rounded<T>);
        }
    });
    return out;
}

/// Source positions are summed up step by step, rounding errors included.
std::vector<int> nearestPositions(int in, int out) {
    const double step = double(in) / out;
    std::vector<int> positions(static_cast<std::size_t>(out));
    double at = step * 0.5;
    for (int& position : positions) {
        position = std::min(int(at), in - 1);
        at += step;
    }
    return positions;
}

template <typename T>
Image<T> nearest(const Image<T>& image, Size size) {
    const auto columns = nearestPositions(image.width(), size.width);
    const auto rows = nearestPositions(image.height(), size.height);
    Image<T> out(size.width, size.height, image.channels());
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            std::copy_n(image.pixel(columns[std::size_t(x)], rows[std::size_t(y)]),
                        image.channels(), out.pixel(x, y));
    return out;
}

template <typename T>
Image<T> resized(const Image<T>& image, Size size, PillowFilter filter) {
    if (image.size() == size || image.empty())
        return image;
    if (filter == PillowFilter::Nearest)
        return nearest(image, size);
    const Kernel kernel = kernelOf(filter);
    const Range columns{0, image.width()}, rows{0, image.height()};
    if (image.width() == size.width)
        return alongColumns(image, size.height, kernel, rows);
    Image<T> wide = alongRows(image, size.width, kernel, columns);
    return image.height() == size.height ? wide : alongColumns(wide, size.height, kernel, rows);
}

} // namespace

ImageU8 resizedLikePillow(const ImageU8& image, Size size, PillowFilter filter) {
    return resized(image, size, filter);
}

ImageF resizedLikePillow(const ImageF& image, Size size, PillowFilter filter) {
    return resized(image, size, filter);
}

ImageF resizedInside(const ImageF& image, const RectI& inside, Size size, PillowFilter filter) {
    const Kernel kernel = kernelOf(filter);
    return alongColumns(alongRows(image, size.width, kernel, {inside.x0, inside.x1}), size.height,
                        kernel, {inside.y0, inside.y1});
}

} // namespace strata
