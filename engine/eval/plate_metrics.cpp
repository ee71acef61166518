// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/plate_metrics.h"

#include "engine/eval/distance.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

namespace strata {
namespace {

std::string nameOf(Size size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

Status checkShapes(const ImageU8& picture, const ImageU8& truth, const ImageU8& mask) {
    if (picture.size() != truth.size() || picture.channels() != truth.channels())
        return Error{ErrorCode::ShapeMismatch, "A picture of " + nameOf(picture.size()) +
                                                   " cannot be compared with one of " +
                                                   nameOf(truth.size()) + "."};
    if (mask.size() != picture.size() || mask.channels() != 1)
        return Error{ErrorCode::ShapeMismatch, "The mask is " + nameOf(mask.size()) +
                                                   ", the pictures are " + nameOf(picture.size()) +
                                                   "."};
    return ok();
}

template <typename Chosen>
SquaredError sumOver(const ImageU8& picture, const ImageU8& truth, const Chosen& chosen) {
    SquaredError error;
    const int channels = picture.channels();
    const std::size_t pixels = channels > 0 ? picture.count() / channels : 0;
    for (std::size_t i = 0; i < pixels; ++i) {
        if (!chosen(i))
            continue;
        for (int c = 0; c < channels; ++c) {
            const double d =
                double(picture.data()[i * channels + c]) - truth.data()[i * channels + c];
            error.sum += d * d;
        }
        error.samples += channels;
    }
    return error;
}

using FrameError =
    std::function<Result<SquaredError>(const ImageU8&, const ImageU8&, const ImageU8&)>;

Result<PlateReport> scoreFrames(ColorSource& picture, ColorSource& truth, MaskSource& mask,
                                const JobContext& context, const FrameError& frameError) {
    const std::int64_t count = picture.frameCount();
    if (truth.frameCount() != count || mask.frameCount() != count)
        return Error{ErrorCode::ShapeMismatch, "The clips have " + std::to_string(count) + ", " +
                                                   std::to_string(truth.frameCount()) + " and " +
                                                   std::to_string(mask.frameCount()) +
                                                   " frames; they must have the same number."};
    PlateReport report;
    SquaredError all;
    for (std::int64_t i = 0; i < count; ++i) {
        if (context.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const auto a, picture.frame(i));
        STRATA_ASSIGN(const auto b, truth.frame(i));
        STRATA_ASSIGN(const auto m, mask.frame(i));
        STRATA_ASSIGN(const SquaredError error, frameError(*a, *b, *m));
        context.progress("plate", i + 1, count);
        if (error.samples == 0)
            continue;
        all += error;
        if (report.frames++ == 0 || error.psnr() < report.worstPsnr) {
            report.worstPsnr = error.psnr();
            report.worstFrame = i;
        }
    }
    if (report.frames == 0)
        return Error{ErrorCode::NothingToDo, "No frame has a pixel to compare under this mask."};
    report.psnr = all.psnr();
    return report;
}

} // namespace

SquaredError& SquaredError::operator+=(const SquaredError& other) {
    sum += other.sum;
    samples += other.samples;
    return *this;
}

double SquaredError::psnr() const {
    if (samples == 0 || sum <= 0)
        return 99.0;
    return std::min(99.0, 10.0 * std::log10(255.0 * 255.0 * double(samples) / sum));
}

Result<SquaredError> errorInside(const ImageU8& picture, const ImageU8& truth,
                                 const ImageU8& mask) {
    STRATA_TRY(checkShapes(picture, truth, mask));
    return sumOver(picture, truth, [&](std::size_t i) { return mask.data()[i] > 127; });
}

Result<SquaredError> errorOutside(const ImageU8& picture, const ImageU8& truth, const ImageU8& mask,
                                  int margin) {
    STRATA_TRY(checkShapes(picture, truth, mask));
    std::vector<std::uint8_t> marked(mask.count());
    for (std::size_t i = 0; i < marked.size(); ++i)
        marked[i] = mask.data()[i] > 127;
    const std::vector<float> distance = squaredDistance(marked, mask.size());
    const float limit = float(margin) * float(margin);
    return sumOver(picture, truth, [&](std::size_t i) { return distance[i] > limit; });
}

Result<PlateReport> scorePlateInside(ColorSource& picture, ColorSource& truth, MaskSource& mask,
                                     const JobContext& context) {
    return scoreFrames(picture, truth, mask, context, errorInside);
}

Result<PlateReport> scorePlateOutside(ColorSource& picture, ColorSource& truth, MaskSource& mask,
                                      int margin, const JobContext& context) {
    return scoreFrames(picture, truth, mask, context,
                       [margin](const auto& a, const auto& b, const auto& m) {
                           return errorOutside(a, b, m, margin);
                       });
}

} // namespace strata
