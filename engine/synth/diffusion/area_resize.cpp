// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/area_resize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

namespace strata {
namespace {

template <typename T>
T fromMean(float mean) {
    if constexpr (std::is_same_v<T, std::uint8_t>)
        return T(std::clamp(std::lrint(mean), 0L, 255L));
    else
        return mean;
}

/// Share that an input sample has in an output sample.
struct Share {
    int in, out;
    float weight;
};

std::vector<Share> sharesOf(int in, int out, double scale) {
    std::vector<Share> shares;
    for (int i = 0; i < out; ++i) {
        const double begin = i * scale, end = begin + scale;
        const double width = std::min(scale, in - begin);
        int first = int(std::ceil(begin)), last = int(std::floor(end));
        last = std::min(last, in - 1);
        first = std::min(first, last);
        if (first - begin > 1e-3)
            shares.push_back({first - 1, i, float((first - begin) / width)});
        for (int k = first; k < last; ++k)
            shares.push_back({k, i, float(1.0 / width)});
        if (end - last > 1e-3)
            shares.push_back({last, i, float(std::min(std::min(end - last, 1.0), width) / width)});
    }
    return shares;
}

/// Both sides shrink by any factor.
template <typename T>
Image<T> meanOfAreas(const Image<T>& image, Size size, double scaleX, double scaleY) {
    const auto columns = sharesOf(image.width(), size.width, scaleX);
    const auto rows = sharesOf(image.height(), size.height, scaleY);
    const int channels = image.channels();
    Image<T> out(size.width, size.height, channels);
    std::vector<float> row(std::size_t(size.width) * std::size_t(channels)), sum(row.size(), 0.f);
    int at = rows.empty() ? 0 : rows.front().out;
    const auto flush = [&] { std::transform(sum.begin(), sum.end(), out.row(at), fromMean<T>); };
    for (const Share& y : rows) {
        std::fill(row.begin(), row.end(), 0.f);
        for (const Share& x : columns)
            for (int c = 0; c < channels; ++c)
                row[std::size_t(x.out * channels + c)] += float(image.at(x.in, y.in, c)) * x.weight;
        const bool starts = y.out != at || &y == &rows.front();
        if (y.out != at)
            flush();
        at = y.out;
        for (std::size_t i = 0; i < row.size(); ++i)
            sum[i] = (starts ? 0.f : sum[i]) + y.weight * row[i];
    }
    flush();
    return out;
}

/// Both sides shrink by whole factors: plain means, of bytes in integers.
template <typename T>
Image<T> meanOfBlocks(const Image<T>& image, Size size, int factorX, int factorY) {
    using Sum = std::conditional_t<std::is_same_v<T, std::uint8_t>, int, float>;
    const float scale = 1.f / float(factorX * factorY);
    Image<T> out(size.width, size.height, image.channels());
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < image.channels(); ++c) {
                Sum sum = 0;
                for (int v = 0; v < factorY; ++v)
                    for (int u = 0; u < factorX; ++u)
                        sum += image.at(x * factorX + u, y * factorY + v, c);
                const bool halvedBytes =
                    std::is_same_v<T, std::uint8_t> && factorX == 2 && factorY == 2;
                out.at(x, y, c) = halvedBytes ? T((int(sum) + 2) >> 2) // rounds half up
                                              : fromMean<T>(float(sum) * scale);
            }
    return out;
}

/// The two samples between which an output sample lies.
struct Between {
    int first, second;
    float share; // of the second
};

/// Sharp ends: an output sample beyond the last input sample is that sample alone.
std::vector<Between> betweenOf(int in, int out, double scale, bool sharpEnds) {
    const double inverse = double(out) / in;
    std::vector<Between> list;
    for (int i = 0; i < out; ++i) {
        int first = int(std::floor(i * scale));
        float share = float((i + 1) - (first + 1) * inverse);
        share = share <= 0.f ? 0.f : share - std::floor(share);
        if (sharpEnds && first >= in - 1)
            share = 0.f;
        first = std::min(first, in - 1);
        list.push_back({first, std::min(first + 1, in - 1), share});
    }
    return list;
}

float interpolated(const ImageF& image, const Between& x, const Between& y, int c) {
    const auto alongRow = [&](int row) {
        return image.at(x.first, row, c) * (1.f - x.share) + image.at(x.second, row, c) * x.share;
    };
    return alongRow(y.first) * (1.f - y.share) + alongRow(y.second) * y.share;
}

/// With weights of 11 bits, and sums shortened before the last product.
std::uint8_t interpolated(const ImageU8& image, const Between& x, const Between& y, int c) {
    constexpr float kOne = 2048.f;
    const auto fixed = [](float share) { return int(std::lrint(share * kOne)); };
    const int left = fixed(1.f - x.share), right = fixed(x.share);
    const auto alongRow = [&](int row) {
        return image.at(x.first, row, c) * left + image.at(x.second, row, c) * right;
    };
    const int top = (fixed(1.f - y.share) * (alongRow(y.first) >> 4)) >> 16;
    const int bottom = (fixed(y.share) * (alongRow(y.second) >> 4)) >> 16;
    return std::uint8_t(std::clamp((top + bottom + 2) >> 2, 0, 255));
}

template <typename T>
Image<T> linear(const Image<T>& image, Size size, double scaleX, double scaleY) {
    const auto columns = betweenOf(image.width(), size.width, scaleX, true);
    const auto rows = betweenOf(image.height(), size.height, scaleY, false);
    Image<T> out(size.width, size.height, image.channels());
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < image.channels(); ++c)
                out.at(x, y, c) =
                    interpolated(image, columns[std::size_t(x)], rows[std::size_t(y)], c);
    return out;
}

template <typename T>
Image<T> resized(const Image<T>& image, Size size) {
    if (image.size() == size || image.empty())
        return image;
    // The factor is the inverse of the inverse, so that rounding is as in OpenCV.
    const double scaleX = 1.0 / (double(size.width) / image.width());
    const double scaleY = 1.0 / (double(size.height) / image.height());
    if (scaleX < 1.0 || scaleY < 1.0)
        return linear(image, size, scaleX, scaleY);
    const int wholeX = int(std::lrint(scaleX)), wholeY = int(std::lrint(scaleY));
    constexpr double kSame = std::numeric_limits<double>::epsilon();
    if (std::abs(scaleX - wholeX) < kSame && std::abs(scaleY - wholeY) < kSame)
        return meanOfBlocks(image, size, wholeX, wholeY);
    return meanOfAreas(image, size, scaleX, scaleY);
}

} // namespace

ImageU8 resizedByArea(const ImageU8& image, Size size) { return resized(image, size); }
ImageF resizedByArea(const ImageF& image, Size size) { return resized(image, size); }

} // namespace strata
