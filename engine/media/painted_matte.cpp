// SPDX-License-Identifier: Apache-2.0
#include "engine/media/painted_matte.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace strata {
namespace {

struct Point {
    double x, y;
};

double distanceToSegment(Point p, Point a, Point b) {
    const double dx = b.x - a.x, dy = b.y - a.y;
    const double square = dx * dx + dy * dy;
    const double along =
        square > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0, 1.0) : 0.0;
    return std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

/// The pixels along one side, of `size`, that something from `a` to `b` and `margin` round it
/// meets.
std::pair<int, int> met(double a, double b, double margin, int size) {
    const double least = std::min(a, b) - margin, most = std::max(a, b) + margin;
    return {int(std::clamp(std::floor(least), 0.0, double(size))),
            int(std::clamp(std::ceil(most), 0.0, double(size)))};
}

/// Paints the line from `a` to `b`: how much of a pixel it covers is taken from the distance of
/// the pixel's centre.
void paintSegment(ImageU8& matte, Point a, Point b, double radius, bool positive) {
    const auto [x0, x1] = met(a.x, b.x, radius + 1, matte.width());
    const auto [y0, y1] = met(a.y, b.y, radius + 1, matte.height());
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x) {
            const double inside = radius + 0.5 - distanceToSegment({x + 0.5, y + 0.5}, a, b);
            const auto cover = std::uint8_t(std::lround(255 * std::clamp(inside, 0.0, 1.0)));
            std::uint8_t& value = matte.at(x, y);
            value = positive ? std::max(value, cover) : std::min(value, std::uint8_t(255 - cover));
        }
}

class PaintedMattes : public MaskSource {
public:
    PaintedMattes(std::unique_ptr<MaskSource> mattes, std::vector<MatteStroke> strokes,
                  std::int64_t firstFrame)
        : m_mattes(std::move(mattes))
        , m_strokes(std::move(strokes))
        , m_firstFrame(firstFrame) {}

    std::int64_t frameCount() const override { return m_mattes->frameCount(); }
    Size frameSize() const override { return m_mattes->frameSize(); }

    Result<Frame> frame(std::int64_t index) override {
        STRATA_ASSIGN(Frame matte, m_mattes->frame(index));
        const std::int64_t inClip = m_firstFrame + index;
        if (!isPainted(m_strokes, inClip))
            return matte;
        return Frame(std::make_shared<ImageU8>(paintedMatte(*matte, m_strokes, inClip)));
    }

private:
    std::unique_ptr<MaskSource> m_mattes;
    std::vector<MatteStroke> m_strokes;
    std::int64_t m_firstFrame;
};

} // namespace

bool isPainted(std::span<const MatteStroke> strokes, std::int64_t frame) {
    return std::any_of(strokes.begin(), strokes.end(),
                       [frame](const MatteStroke& s) { return s.frame == frame; });
}

ImageU8 paintedMatte(const ImageU8& matte, std::span<const MatteStroke> strokes, std::int64_t frame,
                     double scale) {
    ImageU8 out = matte;
    for (const MatteStroke& stroke : strokes) {
        if (stroke.frame != frame)
            continue;
        const auto& points = stroke.points;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const StrokePoint from = points[i > 0 ? i - 1 : 0], to = points[i];
            if (i > 0 || points.size() == 1)
                paintSegment(out, {from.x * scale, from.y * scale}, {to.x * scale, to.y * scale},
                             stroke.radius * scale, stroke.positive);
        }
    }
    return out;
}

std::unique_ptr<MaskSource> paintedMattes(std::unique_ptr<MaskSource> mattes,
                                          std::vector<MatteStroke> strokes,
                                          std::int64_t firstFrame) {
    if (!mattes || strokes.empty())
        return mattes;
    return std::make_unique<PaintedMattes>(std::move(mattes), std::move(strokes), firstFrame);
}

} // namespace strata
