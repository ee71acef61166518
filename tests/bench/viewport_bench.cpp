// SPDX-License-Identifier: Apache-2.0
// Times of the editor's playback and viewport: seeking, drawing each view, playing.
// usage: tests/gui/with_display.sh strata_bench_viewport CLIP PLATE HUMAN OCCLUDER [REDUCTION]
#include "ui/playback/player.h"
#include "ui/viewport/viewport.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>

using namespace strata;
using namespace strata::ui;

namespace {

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

void waitFor(const std::function<bool()>& done) {
    if (!QTest::qWaitFor(done, 120000)) {
        std::fprintf(stderr, "The clip cannot be played.\n");
        std::exit(1);
    }
}

double elapsedMs(const QElapsedTimer& timer) { return double(timer.nsecsElapsed()) * 1e-6; }

bool openWithLayers(Player& player, char** files) {
    bool opened = false;
    QObject::connect(&player, &Player::opened, [&](const VideoInfo& info) {
        const FrameRange all{0, info.frameCount};
        player.layers().addFile(LayerKind::Plate, files[2], all);
        player.layers().addFile(LayerKind::Human, files[3], all);
        player.layers().addFile(LayerKind::Occluder, files[4], all);
        opened = true;
    });
    player.open(files[1]);
    return QTest::qWaitFor([&] { return opened; }, 60000);
}

void benchSeeking(Player& player) {
    std::int64_t shown = -1;
    const auto wired = QObject::connect(&player, &Player::frameReady,
                                        [&](const FrameLayersPtr& f) { shown = f->frame; });
    const auto seek = [&](std::int64_t frame) {
        QElapsedTimer timer;
        timer.start();
        player.clock().seek(frame);
        waitFor([&] { return shown == frame; });
        return elapsedMs(timer);
    };
    std::vector<std::int64_t> frames;
    std::mt19937 random(1);
    for (int i = 0; i < 15; ++i)
        frames.push_back(std::int64_t(random() % std::uint64_t(player.clock().frameCount())));
    for (const char* layers : {"source", "source, plate, person, occluder"}) {
        player.setWantedLayers(layers == std::string("source") ? LayerSet{LayerKind::Source}
                                                               : LayerSet::all());
        std::vector<double> cold, warm;
        for (const auto frame : frames) {
            player.provider().setCacheLimit(0);
            player.provider().setCacheLimit(std::size_t(768) << 20);
            seek((frame + 1) % player.clock().frameCount());
            player.provider().setCacheLimit(0); // keeps the frame on screen alone
            player.provider().setCacheLimit(std::size_t(768) << 20);
            cold.push_back(seek(frame));
            seek((frame + 1) % player.clock().frameCount());
            warm.push_back(seek(frame));
        }
        std::printf("seek (%s): not in memory %.1f ms, in memory %.2f ms (medians)\n", layers,
                    median(cold), median(warm));
    }
    QObject::disconnect(wired);
}

void benchDrawing(Player& player, Viewport& viewport) {
    FrameLayersPtr frame;
    QObject::connect(&player, &Player::frameReady, [&](const FrameLayersPtr& f) { frame = f; });
    player.clock().seek(3);
    player.clock().seek(5);
    waitFor([&] { return frame && frame->frame == 5; });
    viewport.view().setStatistics(true); // so that painting waits for OpenGL
    const auto time = [&](bool fresh) {
        std::vector<double> ms;
        for (int i = 0; i < 12; ++i) {
            viewport.showFrame(fresh ? std::make_shared<FrameLayers>(*frame) : frame);
            viewport.grabScreen();
            ms.push_back(viewport.lastPaintMs());
        }
        return median(ms);
    };
    const std::pair<const char*, ViewMode> modes[] = {{"result", ViewMode::Result},
                                                      {"source", ViewMode::Source},
                                                      {"alpha", ViewMode::Alpha},
                                                      {"boundary", ViewMode::Boundary}};
    for (const auto& [name, mode] : modes) {
        viewport.view().setMode(mode);
        std::printf("paint %s: new frame %.1f ms, same frame %.1f ms\n", name, time(true),
                    time(false));
    }
    viewport.view().setStatistics(false);
}

/// With a person who is dimmed every layer must be decoded and put together.
void benchPlaying(Player& player, Viewport& viewport, int reduction, float person) {
    viewport.view().setLayerLook(LayerKind::Human, {true, person});
    player.setWantedLayers(viewport.view().neededLayers());
    player.setReduction(reduction);
    player.provider().setCacheLimit(0);
    player.provider().setCacheLimit(std::size_t(768) << 20);
    player.clock().goToStart();
    player.clock().setLoop(false);
    QTest::qWait(500);
    player.clock().play();
    waitFor([&] { return player.clock().speed() == 0; });
    std::printf("play at 1/%d preview, person at %.0f %%: %lld shown, %lld dropped\n", reduction,
                100 * double(person), (long long)(player.shownFrames()),
                (long long)(player.droppedFrames()));
}

} // namespace

int main(int argc, char** argv) {
    QSurfaceFormat::setDefaultFormat(Viewport::surfaceFormat());
    QApplication application(argc, argv);
    Player player;
    if (argc < 5 || !openWithLayers(player, argv)) {
        std::fprintf(stderr, "usage: %s CLIP PLATE HUMAN OCCLUDER [REDUCTION]\n", argv[0]);
        return 2;
    }
    Viewport viewport;
    viewport.resize(1280, 720);
    viewport.show();
    if (!QTest::qWaitForWindowExposed(&viewport))
        return 1;
    benchSeeking(player);
    benchDrawing(player, viewport);
    QObject::connect(&player, &Player::frameReady, &viewport, &Viewport::showFrame);
    viewport.view().setMode(ViewMode::Result);
    for (const float person : {1.f, 0.5f})
        benchPlaying(player, viewport, argc > 5 ? std::atoi(argv[5]) : 2, person);
    return 0;
}
