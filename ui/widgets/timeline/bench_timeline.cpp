// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/bench_timeline.h"

#include "ui/widgets/timeline/timeline_widget.h"

#include <QCoreApplication>

#include <cmath>
#include <ctime>

namespace strata::ui {
namespace {

constexpr std::int64_t kFrames = 20'000;

TimelineModel longClip() {
    TimelineModel model;
    model.frameCount = kFrames;
    model.rate = {30000, 1001};
    model.inOut = {1'200, 18'500};
    for (int i = 0; i < 200; ++i)
        model.markers.push_back({i + 1, i * 100 + 37, QString("marker %1").arg(i), {}});
    for (std::int64_t i = 0; i < kFrames; ++i)
        model.confidence.push_back(0.5F + 0.5F * float(std::sin(double(i) / 40)));
    for (std::int64_t i = 0; i < kFrames; i += 48)
        model.cache.push_back({{i, i + 40}, CacheState(1 + i / 48 % 3)});
    for (int i = 0; i < 8; ++i) {
        TimelineTrack track{i + 1, QString("track %1").arg(i), TrackKind(i % 4), {}, {}};
        for (std::int64_t frame = i * 11; frame < kFrames; frame += 50 + i)
            track.ranges.push_back({frame, frame + 30});
        model.tracks.push_back(std::move(track));
    }
    return model;
}

TimelineMedia madeUpMedia() {
    QImage picture(96, 54, QImage::Format_RGB32);
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            picture.setPixel(x, y, qRgb(x * 2, y * 4, 90));
    TimelineMedia media;
    media.thumbnail = [picture](std::int64_t) { return picture; };
    media.sound = [](double from, double) {
        const auto loud = float(0.6 + 0.4 * std::sin(from / 13));
        return SoundPeak{-loud, loud};
    };
    return media;
}

/// Calls of `step` a second of processor time, over about a second.
template <typename Step>
double callsPerSecond(Step&& step) {
    const std::clock_t start = std::clock();
    int calls = 0;
    while (std::clock() - start < CLOCKS_PER_SEC)
        step(calls++);
    return calls / (double(std::clock() - start) / CLOCKS_PER_SEC);
}

} // namespace

TimelineBench benchTimeline() {
    TimelineWidget timeline;
    timeline.setModel(longClip());
    timeline.setMedia(madeUpMedia());
    timeline.resize(1600, 400);
    timeline.show();
    QCoreApplication::processEvents();
    TimelineBench bench;
    timeline.setFollowsPlayhead(false);
    bench.playheadMovesPerSecond = callsPerSecond([&](int i) {
        timeline.setCurrentFrame(i * 7 % kFrames);
        QCoreApplication::processEvents(); // paints what is due
    });
    bench.fullRepaintsPerSecond = callsPerSecond([&](int i) {
        timeline.setZoom(0.08 * std::pow(1.05, i % 100)); // whole clip to a few seconds of it
        timeline.viewport()->repaint();
    });
    return bench;
}

} // namespace strata::ui
