// SPDX-License-Identifier: Apache-2.0
#include "app/studio/studio_bench.h"

#include "app/studio/studio.h"
#include "ui/bridge/text.h"
#include "ui/viewport/viewport.h"
#include "ui/widgets/timeline/bench_timeline.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

namespace strata {
namespace {

constexpr int kSeeks = 25;
constexpr double kPlaySeconds = 8, kRestSeconds = 4;

void wait(double seconds) {
    QEventLoop loop;
    QTimer::singleShot(int(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
}

/// Runs events until the signal comes; seconds, negative when it did not come in time.
template <typename Object, typename Signal, typename Begin>
double secondsUntil(Object* object, Signal signal, double atMost, Begin&& begin) {
    QEventLoop loop;
    bool came = false;
    const auto connection = QObject::connect(object, signal, &loop, [&] {
        came = true;
        loop.quit();
    });
    QTimer::singleShot(int(atMost * 1000), &loop, &QEventLoop::quit);
    QElapsedTimer watch;
    watch.start();
    begin();
    if (!came)
        loop.exec();
    QObject::disconnect(connection);
    return came ? double(watch.nsecsElapsed()) * 1e-9 : -1;
}

double median(std::vector<double> values) {
    if (values.empty())
        return -1;
    std::ranges::nth_element(values, values.begin() + std::ptrdiff_t(values.size() / 2));
    return values[values.size() / 2];
}

void line(const char* what, double value, const char* unit, double goal, bool lessIsBetter) {
    const double ratio = lessIsBetter ? value / goal : goal / value;
    std::printf("%-34s %9.2f %-9s goal %s %7.2f   ratio %.2f\n", what, value, unit,
                lessIsBetter ? "<=" : ">=", goal, ratio);
    std::fflush(stdout);
}

/// Milliseconds from asking for a frame to its being painted.
double seek(Studio& studio, std::int64_t frame) {
    ui::PlaybackClock& clock = studio.session().player().clock();
    return 1000 * secondsUntil(&studio.window().viewport(), &ui::Viewport::framePainted, 10,
                               [&] { clock.seek(frame); });
}

void benchSeeks(Studio& studio) {
    const std::int64_t count = studio.session().player().info().frameCount;
    std::mt19937 random(7);
    std::vector<double> first, again;
    for (int i = 0; i < kSeeks; ++i) {
        const auto frame = std::int64_t(random() % std::uint64_t(count));
        const double fresh = seek(studio, frame);
        seek(studio, frame > 0 ? frame - 1 : frame + 1);
        const double known = seek(studio, frame);
        if (fresh >= 0 && known >= 0) {
            first.push_back(fresh);
            again.push_back(known);
        }
    }
    line("seek, frame not in memory (median)", median(first), "ms", 150, true);
    line("seek, frame in memory (median)", median(again), "ms", 16, true);
}

void benchPlayback(Studio& studio) {
    ui::Player& player = studio.session().player();
    player.setReduction(2);
    player.clock().setLoop(true);
    player.clock().seek(0);
    wait(1);
    const auto shown = player.shownFrames(), dropped = player.droppedFrames();
    player.clock().play();
    wait(kPlaySeconds);
    player.clock().stop();
    const double seen = double(player.shownFrames() - shown);
    std::printf("%-34s %9.0f frames, %.0f dropped in %.0f s at %.3g frames/s\n",
                "playback at half preview", seen, double(player.droppedFrames() - dropped),
                kPlaySeconds, player.info().fps.value());
}

void benchRest() {
    wait(1);
    const std::clock_t before = std::clock();
    wait(kRestSeconds);
    const double busy = double(std::clock() - before) / CLOCKS_PER_SEC / kRestSeconds;
    line("processor time at rest", 100 * busy, "%", 1, true);
}

} // namespace

int benchStudio(Studio& studio, const QString& clip, double startSeconds) {
    line("start to a window that answers", startSeconds, "s", 1.5, true);
    const auto timeline = ui::benchTimeline();
    line("timeline, full repaints", timeline.fullRepaintsPerSecond, "1/s", 60, false);
    line("timeline, moves of the playhead", timeline.playheadMovesPerSecond, "1/s", 60, false);
    if (!clip.isEmpty()) {
        const double opened = secondsUntil(&studio.window().viewport(), &ui::Viewport::framePainted,
                                           60, [&] { studio.window().open(clip); });
        if (opened < 0) {
            std::fprintf(stderr, "The clip '%s' did not open.\n", clip.toLocal8Bit().constData());
            return 1;
        }
        std::printf("%-34s %9.2f s\n", "opening the clip to its first frame", opened);
        wait(1);
        benchSeeks(studio);
        benchPlayback(studio);
    }
    benchRest();
    return 0;
}

} // namespace strata
