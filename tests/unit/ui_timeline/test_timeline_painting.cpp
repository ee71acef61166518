// SPDX-License-Identifier: Apache-2.0
// Runs twice, the second time with a pixel ratio of two. The pictures it leaves under screenshots/
// are there to be looked at.
#include "ui/theme/theme.h"
#include "ui/widgets/timeline/bench_timeline.h"
#include "ui/widgets/timeline/timeline_layout.h"
#include "ui/widgets/timeline/timeline_painters.h"
#include "ui/widgets/timeline/timeline_widget.h"

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QScreen>
#include <QTest>

#include <cmath>

using namespace strata;
using namespace strata::ui;

class TestTimelinePainting : public QObject {
    Q_OBJECT
    static constexpr std::int64_t kFrames = 20'000;
    int m_soundCalls = 0;
    int m_thumbnailCalls = 0;
    std::vector<std::int64_t> m_wanted;
    int m_wantedHeight = 0;

    static TimelineModel longClip() {
        TimelineModel model;
        model.frameCount = kFrames;
        model.rate = {30000, 1001};
        model.inOut = {2'000, 17'000};
        model.currentFrame = 8'000;
        for (int i = 0; i < 200; ++i)
            model.markers.push_back({i + 1, i * 100 + 37, QString("marker %1").arg(i), {}});
        model.markers[60].color = QColor(0xd9534a);
        for (std::int64_t i = 0; i < kFrames; ++i)
            model.confidence.push_back(0.8F + 0.2F * float(std::sin(double(i) / 700)));
        model.confidence[12'345] = 0.0F;
        model.cache = {{{0, 15'000}, CacheState::Decoded},
                       {{4'000, 12'000}, CacheState::Decomposed},
                       {{6'000, 9'000}, CacheState::Rendered}};
        model.tracks = {{1, "Scene", TrackKind::Scene, {}, {{0, kFrames}}},
                        {2, "Ada", TrackKind::Person, {}, {{300, 9'000}, {9'400, 19'000}}},
                        {3, "Somebody with a long name", TrackKind::Person, {}, {{5'000, 7'000}}},
                        {4, "Planter", TrackKind::Occluder, {}, {}},
                        {5, "Motion of Ada", TrackKind::Motion, {}, {{300, 9'000}}}};
        for (std::int64_t frame = 0; frame < kFrames; frame += 100)
            model.tracks[3].ranges.push_back({frame, frame + 40});
        model.selectedTrack = 2;
        return model;
    }

    TimelineMedia media() {
        TimelineMedia media;
        media.thumbnail = [this](std::int64_t frame) {
            ++m_thumbnailCalls;
            return numbered(frame);
        };
        media.wantThumbnails = [this](std::vector<std::int64_t> frames, int height) {
            m_wanted = std::move(frames);
            m_wantedHeight = height;
        };
        media.sound = [this](double from, double) {
            ++m_soundCalls;
            const double loud = 0.5 + 0.3 * std::sin(from / 90) + 0.2 * std::sin(from * 1.7);
            return SoundPeak{float(-loud * 0.9), float(loud)};
        };
        return media;
    }

    static QImage numbered(std::int64_t frame) {
        QImage picture(192, 108, QImage::Format_RGB32);
        picture.fill(QColor::fromHsv(int(frame / 40 % 360), 120, 150));
        QPainter painter(&picture);
        painter.setPen(Qt::white);
        painter.setFont(QFont("Sans", 28));
        painter.drawText(picture.rect(), Qt::AlignCenter, QString::number(frame));
        return picture;
    }

    std::unique_ptr<TimelineWidget> shown(ThemeKind theme, int width = 1400) {
        applyTheme(*qApp, theme);
        auto timeline = std::make_unique<TimelineWidget>();
        timeline->setModel(longClip());
        timeline->setMedia(media());
        timeline->resize(width, 360);
        timeline->show();
        (void)QTest::qWaitForWindowExposed(timeline.get());
        return timeline;
    }

    static TimelineLayout layoutOf(const TimelineWidget& timeline) {
        return {timeline.viewport()->size(), {true, true, 5}, 0};
    }
    static double xOf(const TimelineWidget& timeline, double frame) {
        return TimelineLayout::kHeaderWidth + 14 + frame * timeline.zoom();
    }
    /// The colour at a place in points, of a picture taken before.
    static QColor colorAt(const QImage& picture, double x, double y) {
        const double ratio = picture.devicePixelRatio();
        return picture.pixelColor(int(x * ratio), int(y * ratio));
    }
    static QImage pictureOf(TimelineWidget& timeline) {
        return timeline.viewport()->grab().toImage();
    }
    static bool similar(const QColor& a, const QColor& b) {
        return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) +
                   std::abs(a.blue() - b.blue()) <
               24;
    }

    static void save(TimelineWidget& timeline, const QString& name) {
        QVERIFY(QDir(STRATA_BINARY_DIR).mkpath("screenshots"));
        const QString ratio = timeline.devicePixelRatioF() > 1 ? "@2x" : "";
        QVERIFY(timeline.grab().save(
            QString(STRATA_BINARY_DIR "/screenshots/timeline_%1%2.png").arg(name, ratio)));
    }

private Q_SLOTS:
    void everyZoomInBothThemes() {
        for (const ThemeKind theme : {ThemeKind::Dark, ThemeKind::Light}) {
            const QString name = theme == ThemeKind::Dark ? "dark" : "light";
            const auto timeline = shown(theme);
            save(*timeline, name + "_whole");
            timeline->zoomToRange({7'000, 9'000});
            save(*timeline, name + "_minute");
            timeline->zoomToRange({7'950, 8'090});
            save(*timeline, name + "_seconds");
            timeline->zoomToRange({7'996, 8'005});
            save(*timeline, name + "_frames");
        }
    }

    void aSingleBadFrameIsSeenInTwentyThousand() {
        const auto timeline = shown(ThemeKind::Dark);
        const QImage picture = pictureOf(*timeline);
        const QRect row = layoutOf(*timeline).row(TimelineRow::Confidence);
        const double x = std::floor(xOf(*timeline, 12'345)) + 0.25;
        const double middle = row.center().y();
        const ThemeColors& colors = themeColors(ThemeKind::Dark);
        bool found = false; // in the column of the frame or the one beside it
        for (const double dx : {-0.5, 0.0, 0.5})
            found = found || similar(colorAt(picture, x + dx, middle), colors.input);
        QVERIFY(found);
        QVERIFY(!similar(colorAt(picture, x + 5, middle), colors.input));
    }

    void aMendedFrameIsSeenInTwentyThousand() {
        const auto timeline = shown(ThemeKind::Dark);
        TimelineModel model = longClip();
        model.tracks[1].painted = {12'345};
        timeline->setModel(model);
        const QImage picture = pictureOf(*timeline);
        const auto hasTick = [&](int track, double frame) {
            const QRect row = layoutOf(*timeline).track(track);
            bool found = false;
            for (const double dx : {-1.0, -0.5, 0.0, 0.5, 1.0})
                found = found || similar(colorAt(picture, xOf(*timeline, frame) + dx,
                                                 row.y() + row.height() - 5.5),
                                         themeColors(ThemeKind::Dark).text);
            return found;
        };
        QVERIFY(hasTick(1, 12'345));
        QVERIFY(!hasTick(1, 12'445));
        QVERIFY(!hasTick(0, 12'345));
    }

    void theCacheBarShowsTheHighestState() {
        const auto timeline = shown(ThemeKind::Dark);
        const QImage picture = pictureOf(*timeline);
        const double y = layoutOf(*timeline).row(TimelineRow::Cache).center().y();
        const ThemeColors& colors = themeColors(ThemeKind::Dark);
        const auto at = [&](double frame) { return colorAt(picture, xOf(*timeline, frame), y); };
        QVERIFY(similar(at(3'050), colors.decoded));
        QVERIFY(similar(at(5'050), colors.decomposed));
        QVERIFY(similar(at(7'050), colors.rendered));
        QVERIFY(similar(at(11'050), colors.decomposed));
        QVERIFY(similar(at(16'050), colors.input));
        QVERIFY(!similar(at(1'050), colors.decoded)); // dimmed before in
    }

    void movingThePlayheadPaintsNothingElse() {
        const auto timeline = shown(ThemeKind::Dark);
        const QImage before = pictureOf(*timeline);
        m_soundCalls = m_thumbnailCalls = 0;
        for (int i = 0; i < 20; ++i) {
            timeline->setCurrentFrame(8'000 + i * 100);
            QCoreApplication::processEvents();
        }
        const QImage after = pictureOf(*timeline);
        QCOMPARE(m_soundCalls, 0);
        QCOMPARE(m_thumbnailCalls, 0);
        const ThemeColors& colors = themeColors(ThemeKind::Dark);
        const double y = layoutOf(*timeline).row(TimelineRow::Tracks).center().y();
        QVERIFY(similar(colorAt(before, xOf(*timeline, 8'000), y), colors.playhead));
        QVERIFY(similar(colorAt(after, xOf(*timeline, 9'900), y), colors.playhead));
        QVERIFY(!similar(colorAt(after, xOf(*timeline, 8'000), y), colors.playhead));
    }

    /// What the widget shows after many small updates is what it shows when painted at once.
    void updatesLeaveNoTraces() {
        const auto timeline = shown(ThemeKind::Dark);
        timeline->zoomToRange({7'990, 8'040});
        for (int i = 0; i < 30; ++i) {
            timeline->setCurrentFrame(7'995 + i);
            QCoreApplication::processEvents();
        }
        if (timeline->devicePixelRatioF() == 1.0) // Qt's offscreen plugin grabs points only
            QCOMPARE(screenOf(*timeline), pictureOf(*timeline));
        QCOMPARE(pictureOf(*timeline), pictureOf(*shownAgain(*timeline)));
    }

    void aChangedRowLeavesTheOthers() {
        const auto timeline = shown(ThemeKind::Dark);
        m_soundCalls = m_thumbnailCalls = 0;
        timeline->setConfidence(std::vector<float>(kFrames, 0.2F));
        timeline->setCache({});
        timeline->setInOut({10, 20});
        pictureOf(*timeline);
        QCOMPARE(m_soundCalls, 0);
        QCOMPARE(m_thumbnailCalls, 0);
        timeline->refreshSound();
        pictureOf(*timeline);
        QVERIFY(m_soundCalls > 1000);
        QCOMPARE(m_thumbnailCalls, 0);
        timeline->refreshThumbnails();
        pictureOf(*timeline);
        QVERIFY(m_thumbnailCalls > 0 && m_thumbnailCalls < 60);
    }

    void thumbnailsAreAskedForAsTheyAreShown() {
        const auto timeline = shown(ThemeKind::Dark);
        QVERIFY(!m_wanted.empty() && m_wanted.front() == 0);
        QCOMPARE(m_wantedHeight, qRound(52 * timeline->devicePixelRatioF()));
        timeline->zoomToRange({8'000, 8'400});
        pictureOf(*timeline);
        QVERIFY(m_wanted.front() > 7'900 && m_wanted.front() <= 8'000);
        m_wanted.clear();
        timeline->refreshThumbnails();
        pictureOf(*timeline);
        QVERIFY(m_wanted.empty()); // the same wish is not made twice
    }

    void anotherThemeIsTakenOver() {
        const auto timeline = shown(ThemeKind::Dark);
        const QPointF empty(TimelineLayout::kHeaderWidth + 4.0, 70);
        QVERIFY(similar(colorAt(pictureOf(*timeline), empty.x(), empty.y()),
                        themeColors(ThemeKind::Dark).window));
        applyTheme(*qApp, ThemeKind::Light);
        QCoreApplication::processEvents();
        QVERIFY(similar(colorAt(pictureOf(*timeline), empty.x(), empty.y()),
                        themeColors(ThemeKind::Light).window));
    }

    void speed() {
        applyTheme(*qApp, ThemeKind::Dark);
        const TimelineBench bench = benchTimeline();
        qInfo("20,000 frames, 200 markers: %.0f full repaints, %.0f playhead moves a second of one "
              "core",
              bench.fullRepaintsPerSecond, bench.playheadMovesPerSecond);
        QVERIFY(bench.fullRepaintsPerSecond > 0 && bench.playheadMovesPerSecond > 0);
    }

private:
    /// What the updates have left in the window.
    static QImage screenOf(TimelineWidget& timeline) {
        const QPixmap window = timeline.screen()->grabWindow(
            timeline.winId(), 0, 0, timeline.viewport()->width(), timeline.viewport()->height());
        return window.toImage().convertToFormat(pictureOf(timeline).format());
    }

    /// A second widget in the same state, never updated in parts.
    std::unique_ptr<TimelineWidget> shownAgain(const TimelineWidget& like) {
        auto timeline = std::make_unique<TimelineWidget>();
        timeline->setModel(like.model());
        timeline->setMedia(media());
        timeline->resize(like.size());
        timeline->setFollowsPlayhead(false);
        timeline->show();
        (void)QTest::qWaitForWindowExposed(timeline.get());
        timeline->zoomToRange({7'990, 8'040});
        return timeline;
    }
};

QTEST_MAIN(TestTimelinePainting)
#include "test_timeline_painting.moc"
