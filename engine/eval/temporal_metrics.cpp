// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/temporal_metrics.h"

#include <cmath>
#include <cstdlib>

namespace strata {
namespace {

Error differentShapes() {
    return {ErrorCode::ShapeMismatch, "Frames, masks and motion of a clip must be of one size."};
}

bool alike(const ImageU8& a, const ImageU8& b) {
    return a.size() == b.size() && a.channels() == b.channels();
}

/// Channel `c` at a place inside the picture.
double between(const ImageU8& image, double x, double y, int c) {
    const int left = std::min(int(x), image.width() - 1),
              top = std::min(int(y), image.height() - 1);
    const int right = std::min(left + 1, image.width() - 1);
    const int bottom = std::min(top + 1, image.height() - 1);
    const double u = x - left, v = y - top;
    const double upper = (1 - u) * image.at(left, top, c) + u * image.at(right, top, c);
    const double lower = (1 - u) * image.at(left, bottom, c) + u * image.at(right, bottom, c);
    return (1 - v) * upper + v * lower;
}

} // namespace

RunningMean& RunningMean::operator+=(const RunningMean& other) {
    sum += other.sum;
    samples += other.samples;
    return *this;
}

Result<RunningMean> flickerInside(const ImageU8& before, const ImageU8& frame, const ImageU8& after,
                                  const ImageU8& mask) {
    if (!alike(before, frame) || !alike(after, frame) || mask.size() != frame.size() ||
        mask.channels() != 1)
        return differentShapes();
    RunningMean out;
    const auto channels = std::size_t(frame.channels());
    for (std::size_t i = 0; i < mask.count(); ++i) {
        if (mask.data()[i] <= 127)
            continue;
        for (std::size_t k = i * channels; k < (i + 1) * channels; ++k)
            out.sum += std::abs(before.data()[k] - 2 * frame.data()[k] + after.data()[k]) / 2.0;
        out.samples += std::int64_t(channels);
    }
    return out;
}

Result<RunningMean> warpingError(const ImageU8& frame, const ImageU8& next,
                                 const PixelMotion& motion) {
    if (!alike(frame, next) || motion.known.size() != frame.size() ||
        motion.way.size() != frame.size() || motion.known.channels() != 1 ||
        motion.way.channels() != 2)
        return differentShapes();
    RunningMean out;
    for (int y = 0; y < frame.height(); ++y)
        for (int x = 0; x < frame.width(); ++x) {
            if (motion.known.at(x, y) <= 127)
                continue;
            const double toX = x + double(motion.way.at(x, y, 0));
            const double toY = y + double(motion.way.at(x, y, 1));
            if (!(toX >= 0 && toY >= 0 && toX <= frame.width() - 1 && toY <= frame.height() - 1))
                continue;
            for (int c = 0; c < frame.channels(); ++c) {
                const double d = (frame.at(x, y, c) - between(next, toX, toY, c)) / 255;
                out.sum += d * d;
            }
            out.samples += frame.channels();
        }
    return out;
}

} // namespace strata
