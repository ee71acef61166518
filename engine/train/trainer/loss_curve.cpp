// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer/loss_curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>

namespace strata {
namespace {

using Color = std::array<std::uint8_t, 3>;
constexpr Color kGrid{225, 225, 225}, kText{60, 60, 60}, kPale{175, 200, 235}, kStrong{20, 80, 180},
    kRate{200, 110, 30};
constexpr int kLines = 4;        // of the grid
constexpr double kMean = 50;     // the running mean is over about this part of the steps
constexpr int kScale = 2;        // of a letter's dots
constexpr double kLossPart = .7; // of the height

/// Letters of 3 x 5 dots, a row in three bits from the top.
constexpr std::string_view kLetters = "0123456789.-e";
constexpr std::array<std::uint16_t, 13> kDots{
    0b111101101101111, 0b010110010010111, 0b111001111100111, 0b111001111001111, 0b101101111001001,
    0b111100111001111, 0b111100111101111, 0b111001001001001, 0b111101111101111, 0b111101111001111,
    0b000000000000010, 0b000000111000000, 0b000111111100111};

class Canvas {
public:
    explicit Canvas(Size size)
        : m_image(size.width, size.height, 3, 255) {}

    void dot(int x, int y, const Color& color) {
        if (x >= 0 && y >= 0 && x < m_image.width() && y < m_image.height())
            std::copy(color.begin(), color.end(), m_image.pixel(x, y));
    }
    void line(double x0, double y0, double x1, double y1, const Color& color, int thick = 1) {
        const int count = int(std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1.0})) + 1;
        for (int i = 0; i <= count; ++i)
            for (int k = 0; k < thick; ++k)
                dot(int(std::lround(x0 + (x1 - x0) * i / count)),
                    int(std::lround(y0 + (y1 - y0) * i / count)) + k, color);
    }
    void text(int x, int y, const std::string& text) {
        for (const char letter : text) {
            const auto at = kLetters.find(letter);
            for (int i = 0; at != std::string_view::npos && i < 15 * kScale * kScale; ++i) {
                const int px = i % (3 * kScale), py = i / (3 * kScale);
                if (kDots[at] >> (14 - (py / kScale * 3 + px / kScale)) & 1)
                    dot(x + px, y + py, kText);
            }
            x += 4 * kScale;
        }
    }
    ImageU8 take() { return std::move(m_image); }

private:
    ImageU8 m_image;
};

struct Frame {
    double left, top, right, bottom;
    double least, most; // values at bottom and top
    std::int64_t first, last;

    double x(std::int64_t step) const {
        return left + (right - left) * double(step - first) /
                          double(std::max<std::int64_t>(last - first, 1));
    }
    double y(double value) const {
        return bottom - (bottom - top) * (std::clamp(value, least, most) - least) / (most - least);
    }
};

std::string shortNumber(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

void drawFrame(Canvas& canvas, const Frame& f) {
    for (int i = 0; i <= kLines; ++i) {
        const double value = f.least + (f.most - f.least) * i / kLines;
        canvas.line(f.left, f.y(value), f.right, f.y(value), kGrid);
        canvas.text(4, int(f.y(value)) - 5, shortNumber(value));
    }
    for (int i = 0; i <= kLines; ++i) {
        const auto step = f.first + (f.last - f.first) * i / kLines;
        canvas.line(f.x(step), f.top, f.x(step), f.bottom, kGrid);
        canvas.text(int(f.x(step)) - 12, int(f.bottom) + 6, std::to_string(step));
    }
}

/// The range that all but a few outliers lie in.
std::pair<double, double> rangeOf(std::vector<double> values) {
    std::ranges::sort(values);
    const double least = values.front(), most = values[(values.size() - 1) * 99 / 100];
    return {least, most > least ? most : least + std::max(std::abs(least), 1e-9)};
}

void drawLosses(Canvas& canvas, const Frame& f, std::span<const StepRecord> records) {
    for (std::size_t i = 1; i < records.size(); ++i)
        canvas.line(f.x(records[i - 1].step), f.y(records[i - 1].loss), f.x(records[i].step),
                    f.y(records[i].loss), kPale);
    const double share = 1 / std::max(1.0, double(records.size()) / kMean);
    double mean = records.front().loss;
    for (std::size_t i = 1; i < records.size(); ++i) {
        const double before = mean;
        mean += share * (records[i].loss - mean);
        canvas.line(f.x(records[i - 1].step), f.y(before), f.x(records[i].step), f.y(mean), kStrong,
                    2);
    }
}

} // namespace

ImageU8 lossCurve(std::span<const StepRecord> all, Size size) {
    Canvas canvas(size);
    std::vector<StepRecord> records;
    std::ranges::copy_if(all, std::back_inserter(records),
                         [](const StepRecord& r) { return !r.skipped && std::isfinite(r.loss); });
    if (records.size() < 2)
        return canvas.take();
    std::vector<double> losses, rates;
    for (const auto& r : records) {
        losses.push_back(r.loss);
        rates.push_back(r.rate);
    }
    const auto [least, most] = rangeOf(losses);
    const double left = 80, right = size.width - 30.0, middle = size.height * kLossPart;
    const auto first = records.front().step, last = records.back().step;
    const Frame above{left, 12, right, middle, least, most, first, last};
    drawFrame(canvas, above);
    drawLosses(canvas, above, records);
    const Frame below{
        left,  middle + 40, right, size.height - 26.0, 0, *std::ranges::max_element(rates) + 1e-12,
        first, last};
    drawFrame(canvas, below);
    for (std::size_t i = 1; i < records.size(); ++i)
        canvas.line(below.x(records[i - 1].step), below.y(records[i - 1].rate),
                    below.x(records[i].step), below.y(records[i].rate), kRate);
    return canvas.take();
}

} // namespace strata
