// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/ruler_scale.h"

#include <array>
#include <cmath>

namespace strata::ui {
namespace {

constexpr double kTickDistance = 4.0; // points between unlabelled ticks, at least
constexpr double kRounding = 1e-6;    // points; without them frameAt(x(f)) may be f - 1
constexpr std::array<std::int64_t, 15> kSeconds{1,   2,   5,   10,   15,   30,   60,   120,
                                                300, 600, 900, 1800, 3600, 7200, 14400};

/// Distance of ticks: so many frames of a second, or so many whole seconds.
struct Spacing {
    std::int64_t frames = 0; // 0: seconds count
    std::int64_t seconds = 0;
    bool operator==(const Spacing&) const = default;
};

/// The closest ticks that are at least `distance` points apart.
Spacing spacingFor(int nominal, double pointsPerFrame, double distance) {
    for (std::int64_t step = 1; step < nominal; ++step)
        if (nominal % step == 0 && double(step) * pointsPerFrame >= distance)
            return {step, 0};
    const double perSecond = nominal * pointsPerFrame;
    for (const std::int64_t step : kSeconds)
        if (double(step) * perSecond >= distance)
            return {0, step};
    std::int64_t step = kSeconds.back();
    while (double(step) * perSecond < distance)
        step *= 2;
    return {0, step};
}

bool isOn(const Spacing& spacing, std::int64_t second, int number, int firstNumber) {
    if (spacing.seconds > 0)
        return number == firstNumber && second % spacing.seconds == 0;
    return number % spacing.frames == 0;
}

/// Unlabelled ticks divide the labelled distance evenly.
Spacing minorFor(const Spacing& major, int nominal, double pointsPerFrame) {
    const Spacing minor = spacingFor(nominal, pointsPerFrame, kTickDistance);
    if (major.frames == 0 && minor.frames > 0)
        return minor;
    const std::int64_t whole = major.frames > 0 ? major.frames : major.seconds;
    for (std::int64_t step = major.frames > 0 ? minor.frames : minor.seconds; step < whole; ++step)
        if (whole % step == 0)
            return major.frames > 0 ? Spacing{step, 0} : Spacing{0, step};
    return major;
}

} // namespace

std::int64_t RulerScale::frameAt(double x) const {
    return std::int64_t(std::floor(exactFrame(x + kRounding)));
}

std::int64_t RulerScale::borderAt(double x) const { return std::llround(exactFrame(x)); }

FrameRange RulerScale::frames(double left, double right) const {
    return {frameAt(left), std::int64_t(std::ceil(exactFrame(right - kRounding)))};
}

std::vector<Tick> rulerTicks(const Timecode& timecode, FrameRange visible, double pointsPerFrame,
                             double labelWidth) {
    std::vector<Tick> ticks;
    visible.begin = std::max<std::int64_t>(visible.begin, 0);
    if (visible.empty())
        return ticks;
    const int nominal = timecode.nominalRate();
    const Spacing major = spacingFor(nominal, pointsPerFrame, labelWidth);
    const Spacing minor = minorFor(major, nominal, pointsPerFrame);
    const std::int64_t step = std::max<std::int64_t>(minor.seconds, 1);
    for (std::int64_t second = timecode.secondOf(visible.begin) / step * step;; second += step) {
        const std::int64_t first = timecode.firstFrameOf(second);
        if (first >= visible.end)
            return ticks;
        const std::int64_t end = minor.frames > 0 ? timecode.firstFrameOf(second + 1) : first + 1;
        const int firstNumber = timecode.frameNumberOf(first);
        for (std::int64_t frame = first; frame < std::min(end, visible.end); ++frame) {
            const int number = firstNumber + int(frame - first);
            const bool labelled = isOn(major, second, number, firstNumber);
            if (frame >= visible.begin && (labelled || isOn(minor, second, number, firstNumber)))
                ticks.push_back({frame, labelled});
        }
    }
}

std::int64_t thumbnailStep(double pointsPerFrame, double thumbnailWidth) {
    const auto fits = [&](std::int64_t step) {
        return double(step) * pointsPerFrame <= thumbnailWidth && step < (1LL << 40);
    };
    std::int64_t step = 1;
    while (fits(step * 2))
        step *= 2;
    return step > 1 && fits(step / 2 * 3) ? step / 2 * 3 : step;
}

} // namespace strata::ui
