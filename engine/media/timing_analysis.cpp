// SPDX-License-Identifier: Apache-2.0
#include "engine/media/timing_analysis.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace strata::media {
namespace {

/// True if frame i is at i / fps within one tick, for all frames.
bool isConstantAt(Rational fps, const std::vector<std::int64_t>& pts, Rational timeBase) {
    if (fps.num <= 0)
        return false;
    const double ticksPerFrame =
        double(fps.den) * double(timeBase.den) / (double(fps.num) * double(timeBase.num));
    for (std::size_t i = 0; i < pts.size(); ++i)
        if (std::abs(double(pts[i]) - double(i) * ticksPerFrame) > 1.01)
            return false;
    return true;
}

/// The constant rate of these times; 0 if there is none.
Rational constantRate(const std::vector<std::int64_t>& pts, Rational timeBase,
                      const AVStream& stream) {
    const Rational average = toRational(stream.avg_frame_rate);
    if (pts.size() < 2)
        return average.num > 0 ? average : toRational(stream.r_frame_rate);
    const std::int64_t step = pts[1] - pts[0];
    bool even = step > 0;
    for (std::size_t i = 2; i < pts.size(); ++i)
        even = even && pts[i] - pts[i - 1] == step;
    // Equal steps are exact unless the ticks are coarse (milliseconds of Matroska): those are
    // rounded rates.
    const Rational exact(timeBase.den, timeBase.num * std::max<std::int64_t>(step, 1));
    if (even && timeBase.den > 1000 * timeBase.num)
        return exact;
    const double measured = double(pts.size() - 1) * double(timeBase.den) /
                            (double(pts.back() - pts.front()) * double(timeBase.num));
    const auto whole = std::int64_t(std::lround(measured));
    for (const Rational rate : {average, toRational(stream.r_frame_rate), Rational(whole),
                                Rational(whole * 1000, 1001), exact})
        if (isConstantAt(rate, pts, timeBase))
            return rate;
    return {};
}

} // namespace

void analyseTiming(const PacketIndex& index, const AVStream& stream, VideoInfo& info,
                   FrameTiming& timing) {
    const Rational ticks = toRational(stream.time_base);
    const std::int64_t first = index.at(0).pts;
    timing.timeBase = ticks;
    timing.pts.resize(std::size_t(index.count()));
    for (std::int64_t i = 0; i < index.count(); ++i)
        timing.pts[std::size_t(i)] = index.at(i).pts - first;

    const PacketIndex::Entry& last = index.at(index.count() - 1);
    // MP4 states the length of the whole better than that of its last frame.
    std::int64_t lastDuration = last.duration;
    if (stream.duration != AV_NOPTS_VALUE && stream.start_time != AV_NOPTS_VALUE &&
        stream.start_time + stream.duration > last.pts && !index.isTruncated())
        lastDuration = stream.start_time + stream.duration - last.pts;
    else if (lastDuration <= 0 && index.count() > 1)
        lastDuration = (last.pts - first) / (index.count() - 1);
    timing.end = timing.pts.back() + std::max<std::int64_t>(1, lastDuration);

    info.frameCount = index.count();
    info.startTime = Rational(first * ticks.num, ticks.den);
    const Rational rate = constantRate(timing.pts, ticks, stream);
    info.isVariable = rate.num <= 0 && index.count() > 1;
    if (rate.num > 0) {
        info.fps = rate;
        timing.timeBase = Rational(rate.den, rate.num);
        for (std::int64_t i = 0; i < index.count(); ++i)
            timing.pts[std::size_t(i)] = i;
        timing.end = index.count();
    } else {
        info.fps = Rational(index.count() * ticks.den, timing.end * ticks.num);
    }
    info.timeBase = timing.timeBase;
    info.duration = Rational(timing.end * timing.timeBase.num, timing.timeBase.den);
}

} // namespace strata::media
