// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/context_windows.h"
#include "engine/synth/diffusion/frame_selection.h"

#include "tests/unit/synth/diffusion/golden.h"

#include <set>

using namespace strata;

namespace {

/// Frames where the window that counts most is another than at the frame before.
std::set<int> seams(int frames, int step) {
    const auto windows = contextWindows(frames, step);
    std::vector<std::pair<float, std::size_t>> best(std::size_t(frames), {0.f, 0});
    for (std::size_t w = 0; w < windows.size(); ++w)
        for (std::size_t i = 0; i < windows[w].frames.size(); ++i)
            best[std::size_t(windows[w].frames[i])] =
                std::max(best[std::size_t(windows[w].frames[i])], {windows[w].weights[i], w});
    std::set<int> out;
    for (int f = 1; f < frames; ++f)
        if (best[std::size_t(f)].second != best[std::size_t(f) - 1].second)
            out.insert(f);
    return out;
}

} // namespace

class TestContextWindows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void releaseWindowsEqualThePublishedOnes() {
        NEEDS_GOLDEN(data, "09_context_windows");
        QCOMPARE(data.size(), std::size_t(14));
        for (const auto& [name, array] : data) {
            const int frames = std::stoi(name.substr(name.rfind('_') + 1));
            const auto expected = array.toInts();
            for (const int step : {0, 7}) {
                const auto windows = contextWindows(frames, step, {24, 4, WindowSchedule::Release});
                QCOMPARE(std::int64_t(windows.size()), array.shape[0]);
                std::vector<std::int64_t> flat;
                for (const auto& window : windows) {
                    flat.insert(flat.end(), window.frames.begin(), window.frames.end());
                    QVERIFY(std::ranges::all_of(window.weights, [](float w) { return w == 1.f; }));
                }
                QCOMPARE(flat, expected);
            }
        }
    }

    void openWindowsCoverEveryFrameInOrder() {
        for (int frames = 1; frames <= 170; ++frames)
            for (int step = 0; step < 25; ++step) {
                std::vector<float> weight(std::size_t(frames), 0.f);
                for (const auto& window : contextWindows(frames, step)) {
                    QCOMPARE(int(window.frames.size()), std::min(24, frames));
                    for (std::size_t i = 0; i < window.frames.size(); ++i) {
                        QCOMPARE(window.frames[i], window.frames[0] + int(i));
                        weight[std::size_t(window.frames[i])] += window.weights[i];
                    }
                    QVERIFY(window.frames.front() >= 0 && window.frames.back() < frames);
                }
                QVERIFY(std::ranges::all_of(weight, [](float w) { return w > 0.15f; }));
            }
    }

    void seamsMoveFromStepToStep() {
        for (const int frames : {30, 41, 44, 60, 100, 150, 158, 500})
            for (int step = 0; step + 4 < 25; ++step)
                for (int other = step + 1; other <= step + 4; ++other) {
                    const auto a = seams(frames, step), b = seams(frames, other);
                    std::vector<int> both;
                    std::ranges::set_intersection(a, b, std::back_inserter(both));
                    QVERIFY2(!a.empty() && both.empty(),
                             qPrintable(QString("%1 frames, steps %2 and %3")
                                            .arg(frames)
                                            .arg(step)
                                            .arg(other)));
                }
    }

    void openWindowsCostLittleMoreThanTheRelease() {
        for (const int frames : {30, 60, 100, 150, 400}) {
            std::size_t ours = 0, release = 0;
            for (int step = 0; step < 25; ++step) {
                ours += contextWindows(frames, step).size();
                release += contextWindows(frames, step, {24, 4, WindowSchedule::Release}).size();
            }
            qInfo("%d frames: %zu windows against %zu", frames, ours, release);
            QVERIFY(double(ours) <= 1.13 * double(release));
        }
    }

    void framesAreLeftOutAndRepeated() {
        using List = std::vector<std::int64_t>;
        QCOMPARE(framesAtRate(5, 30, 30), (List{0, 1, 2, 3, 4}));
        QCOMPARE(framesAtRate(6, 60, 30), (List{0, 2, 4}));
        QCOMPARE(framesAtRate(3, 15, 30), (List{0, 0, 1, 1, 2, 2}));
        QCOMPARE(framesAtRate(10, 25, 30),
                 (List{0, 0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9})); // 5/6 of a frame each
        QCOMPARE(framesAtRate(4, 29.97, 30), (List{0, 1, 2, 3}));
        QCOMPARE(framesAtRate(4, 24.5, 24), (List{0, 1, 2, 3})); // half to even: 24
        QVERIFY(framesAtRate(4, 0, 30).empty());
        QVERIFY(framesAtRate(4, 30, -1).empty());
        QVERIFY(framesAtRate(4, 30, 1e300).empty());
    }

    void timeCropCountsAtThirtyFrames() {
        QVERIFY(croppedRange(0, 90, 30, 200) == (FrameRange{0, 90}));
        QVERIFY(croppedRange(7, 91, 25, 200) == (FrameRange{5, 75}));
        QVERIFY(croppedRange(-3, 1000, 30, 200) == (FrameRange{0, 200}));
    }
};

QTEST_APPLESS_MAIN(TestContextWindows)
#include "test_context_windows.moc"
