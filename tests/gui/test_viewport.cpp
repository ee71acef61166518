// SPDX-License-Identifier: Apache-2.0
#include "tests/gui/sample_frame.h"
#include "tests/gui/screen_main.h"

#include "engine/raster/motion_code.h"

#include <QDir>
#include <QLabel>
#include <QSignalSpy>
#include <QWheelEvent>

#include <functional>

using namespace strata;
using namespace strata::ui;

class TestViewport : public QObject {
    Q_OBJECT
    static constexpr int kWidth = 854, kHeight = 480; // of the sample
    static constexpr std::int64_t kFrame = 70;        // the man in the open
    FrameLayersPtr m_frame;
    std::unique_ptr<Viewport> m_viewport;

    ViewControl& view() { return m_viewport->view(); }

    /// What is on screen, kept as a picture in the build folder.
    QImage shot(const QString& name) {
        const QImage image = m_viewport->grabScreen().convertToFormat(QImage::Format_RGB32);
        const QDir folder(STRATA_BINARY_DIR "/screenshots");
        folder.mkpath(".");
        const double ratio = m_viewport->devicePixelRatio();
        const QString suffix = ratio > 1 ? QString("_%1x").arg(ratio) : QString();
        image.save(folder.filePath("viewport_" + name + suffix + ".png"));
        return image;
    }
    QImage shot(ViewMode mode, const QString& name) {
        view().setMode(mode);
        return shot(name);
    }

    static Rgb8 pixel(const ImageU8& image, int x, int y) {
        const auto* p = image.pixel(x, y);
        return {p[0], p[1], p[2]};
    }
    static Rgb8 pixel(const QImage& image, int x, int y) {
        const QRgb p = image.pixel(x, y);
        return {qRed(p), qGreen(p), qBlue(p)};
    }
    static int distance(const Rgb8& a, const Rgb8& b) {
        return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
    }
    static double linear(int value) {
        const double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    }
    using Where = std::function<bool(int, int)>;
    using Color = std::function<Rgb8(int, int)>;
    /// Greatest difference to `wanted` over the pixels of `where`, of which there must be many.
    static int worst(const QImage& image, const Where& where, const Color& wanted) {
        int most = 0, count = 0;
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x)
                if (where(x, y)) {
                    most = std::max(most, distance(pixel(image, x, y), wanted(x, y)));
                    ++count;
                }
        return count > 500 ? most : 1000;
    }

    int human(int x, int y) const { return m_frame->human->at(x, y); }
    int occluder(int x, int y) const { return m_frame->occluder->at(x, y); }
    Color source() const {
        return [this](int x, int y) { return pixel(*m_frame->source, x, y); };
    }
    Color plate() const {
        return [this](int x, int y) { return pixel(*m_frame->plate, x, y); };
    }
    Where solid() const {
        return [this](int x, int y) { return human(x, y) == 255 || occluder(x, y) == 255; };
    }
    Where empty() const {
        return [this](int x, int y) { return human(x, y) == 0 && occluder(x, y) == 0; };
    }
    static Where everywhere() {
        return [](int, int) { return true; };
    }
    static bool isBackdrop(const Rgb8& p) {
        return p[0] == p[1] && p[1] == p[2] &&
               (std::abs(p[0] - 102) < 5 || std::abs(p[0] - 129) < 5);
    }

    /// The body's vertices on the picture.
    QRectF bodyBox() const {
        QRectF box;
        for (const auto& v : m_frame->body->vertices) {
            const glm::vec2 p = m_frame->body->camera.project(v);
            box |= QRectF(p.x, p.y, 0.01, 0.01);
        }
        return box;
    }
    static QList<QPoint> differing(const QImage& a, const QImage& b, int than = 12) {
        QList<QPoint> points;
        for (int y = 0; y < a.height(); ++y)
            for (int x = 0; x < a.width(); ++x)
                if (distance(pixel(a, x, y), pixel(b, x, y)) > than)
                    points << QPoint(x, y);
        return points;
    }
    static bool allInside(const QList<QPoint>& points, const QRectF& box) {
        return std::all_of(points.begin(), points.end(), [&](QPoint p) { return box.contains(p); });
    }

private Q_SLOTS:
    void initTestCase() {
        m_frame = sample::frame(kFrame);
        QVERIFY(m_frame);
        QCOMPARE(m_frame->fullSize, (Size{kWidth, kHeight}));
    }

    void init() {
        m_viewport = std::make_unique<Viewport>();
        QSignalSpy failures(m_viewport.get(), &Viewport::failed);
        m_viewport->resize(kWidth, kHeight);
        m_viewport->setBody(sample::body());
        m_viewport->showFrame(m_frame);
        m_viewport->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_viewport.get()));
        m_viewport->grabScreen();
        QVERIFY2(failures.isEmpty(), qPrintable(failures.value(0).value(0).toString()));
    }
    void cleanup() { m_viewport.reset(); }

    void theSourceIsShownAsItIs() {
        const QImage image = shot(ViewMode::Source, "source");
        const double ratio = m_viewport->devicePixelRatio();
        QCOMPARE(image.size(), QSize(kWidth, kHeight) * ratio);
        for (int y = 5; y < kHeight; y += 9)
            for (int x = 3; x < kWidth; x += 7) {
                // With two device pixels to a picture pixel these are shown hard-edged.
                const auto got = pixel(image, int((x + 0.5) * ratio), int((y + 0.5) * ratio));
                QVERIFY(distance(got, source()(x, y)) <= 1);
            }
    }

    void whatAViewLacksIsSaid() {
        const auto* label = m_viewport->findChild<QLabel*>("missing");
        QVERIFY(label);
        auto bare = std::make_shared<FrameLayers>();
        bare->fullSize = m_frame->fullSize;
        bare->source = m_frame->source;
        for (const auto mode : {ViewMode::Scene, ViewMode::Human, ViewMode::Occluder,
                                ViewMode::Alpha, ViewMode::Depth, ViewMode::MotionCode}) {
            view().setMode(mode);
            m_viewport->showFrame(m_frame);
            QVERIFY2(!label->isVisible(), qPrintable(label->text()));
            m_viewport->showFrame(bare);
            QVERIFY(label->isVisible() && !label->text().isEmpty());
            QVERIFY(m_viewport->rect().contains(label->geometry()));
        }
        view().setMode(ViewMode::Source);
        QVERIFY(!label->isVisible());
        m_viewport->showFrame(m_frame);
    }

    void untouchedLayersGiveTheSource() {
        QVERIFY(worst(shot(ViewMode::Result, "result"), everywhere(), source()) <= 1);
    }

    void layersPutTogetherComeNearTheSource() {
        view().setLayerLook(LayerKind::Human, {true, 0.999f}); // touched, though hardly
        const QImage image = shot(ViewMode::Result, "result-put-together");
        view().setLayerLook(LayerKind::Human, {});
        QVERIFY(worst(image, solid(), source()) <= 2);
        QVERIFY(worst(image, empty(), plate()) <= 2);
        // Also where layers are mixed, as far as some colour of the person explains the source: the
        // cast shadow, which the plate does not have, is not explained by any.
        const Where mixed = [this](int x, int y) {
            const double alpha = human(x, y) / 255.0;
            bool explained = alpha > 0 && alpha < 1 && occluder(x, y) == 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const double own =
                    linear(source()(x, y)[c]) - (1 - alpha) * linear(plate()(x, y)[c]);
                explained = explained && own >= 0 && own <= alpha;
            }
            return explained;
        };
        QVERIFY(worst(image, mixed, source()) <= 2);
    }

    void aTrimmedMatteIsShownEverywhere() {
        const auto covered = [this] {
            const QImage image = shot(ViewMode::Alpha, "alpha-trimmed");
            double sum = 0;
            for (int y = 0; y < kHeight; ++y)
                for (int x = 0; x < kWidth; ++x)
                    sum += pixel(image, x, y)[0] / 255.0;
            return sum;
        };
        const double before = covered();
        view().setLayerLook(LayerKind::Human, {true, 1, {6, 0}});
        const double grown = covered();
        view().setLayerLook(LayerKind::Human, {true, 1, {-6, 0}});
        const double shrunk = covered();
        view().setLayerLook(LayerKind::Human, {});
        QVERIFY2(grown > 1.15 * before && shrunk < 0.85 * before,
                 qPrintable(QString("%1 %2 %3").arg(shrunk).arg(before).arg(grown)));
        QCOMPARE(covered(), before);
    }

    void theBrushPaintsIntoTheMatte() {
        view().setMode(ViewMode::Alpha);
        const double ratio = m_viewport->devicePixelRatio();
        const QPoint at = m_viewport->toWidget({100, 400}).toPoint(); // far from the man
        const auto grey = [&] {
            const QPointF device = QPointF(at) * ratio;
            return m_viewport->grabScreen().pixelColor(device.toPoint()).red();
        };
        QSignalSpy strokes(m_viewport.get(), &Viewport::painted);
        QCOMPARE(grey(), 0);
        m_viewport->takeBrush(LayerKind::Human);
        m_viewport->setBrushRadius(20);
        QTest::mousePress(m_viewport.get(), Qt::LeftButton, {}, at - QPoint(60, 0));
        QTest::mouseMove(m_viewport.get(), at);
        shot("brush");
        QCOMPARE(grey(), 255); // before it is finished
        QCOMPARE(strokes.size(), 0);
        QTest::mouseRelease(m_viewport.get(), Qt::LeftButton, {}, at);
        QCOMPARE(strokes.size(), 1);
        const auto stroke = strokes.front().front().value<MatteStroke>();
        QVERIFY(stroke.positive && stroke.frame == kFrame && stroke.radius == 20);
        QVERIFY(std::abs(stroke.points.back().x - 100) < 2);
        QCOMPARE(grey(), 0); // whoever listens keeps it
        view().setLayerLook(LayerKind::Human, {true,
                                               1,
                                               {},
                                               std::make_shared<const std::vector<MatteStroke>>(
                                                   std::vector<MatteStroke>{stroke})});
        QCOMPARE(grey(), 255);
        QTest::mouseClick(m_viewport.get(), Qt::RightButton, {}, at);
        QCOMPARE(strokes.size(), 2);
        QVERIFY(!strokes.back().front().value<MatteStroke>().positive);
        view().setLayerLook(LayerKind::Human, {});
    }

    void aRenderedEditGoesBeforeTheLayers() {
        auto edited = std::make_shared<FrameLayers>(*m_frame);
        edited->result = std::make_shared<ImageU8>(kWidth, kHeight, 3, std::uint8_t(99));
        m_viewport->showFrame(edited);
        view().setMode(ViewMode::Result);
        const QImage image = m_viewport->grabScreen();
        QCOMPARE(pixel(image, 400, 200), (Rgb8{99, 99, 99}));
    }

    void theSceneIsThePlate() {
        QVERIFY(worst(shot(ViewMode::Scene, "scene"), everywhere(), plate()) <= 1);
    }

    void thePersonStandsAlone() {
        const QImage image = shot(ViewMode::Human, "human");
        const Where inside = [this](int x, int y) { return human(x, y) == 255; };
        QVERIFY(worst(image, inside, source()) <= 2);
        for (int y = 0; y < kHeight; y += 3)
            for (int x = 0; x < kWidth; x += 3)
                if (human(x, y) == 0)
                    QVERIFY(isBackdrop(pixel(image, x, y)));
    }

    void whatIsInFrontStandsAlone() {
        const QImage image = shot(ViewMode::Occluder, "occluder");
        const Where inside = [this](int x, int y) { return occluder(x, y) == 255; };
        QVERIFY(worst(image, inside, source()) <= 2);
        QVERIFY(isBackdrop(pixel(image, 430, 20)));
    }

    void layersAreHiddenAndFaded() {
        view().setLayerLook(LayerKind::Human, {false, 1});
        const QImage without = shot("result_without_person");
        const Where person = [this](int x, int y) { return human(x, y) == 255; };
        QVERIFY(worst(without, person, plate()) <= 2);
        view().setLayerLook(LayerKind::Human, {true, 0.5f});
        const QImage half = shot("result_person_half");
        const Color mixed = [&](int x, int y) { // of light, not of values
            Rgb8 out{};
            for (std::size_t c = 0; c < 3; ++c) {
                const double light = (linear(source()(x, y)[c]) + linear(plate()(x, y)[c])) / 2;
                out[c] = int(std::lround(255 * (1.055 * std::pow(light, 1 / 2.4) - 0.055)));
            }
            return out;
        };
        const Where bright = [&](int x, int y) { // where the curve is the power function
            const auto a = source()(x, y), b = plate()(x, y);
            return person(x, y) && std::min({a[0], a[1], a[2], b[0], b[1], b[2]}) > 12;
        };
        QVERIFY(worst(half, bright, mixed) <= 2);
        view().setLayerLook(LayerKind::Human, {});
        view().setLayerLook(LayerKind::Occluder, {false, 1});
        const QImage hole = shot("result_without_occluder");
        for (int y = 0; y < kHeight; y += 3)
            for (int x = 0; x < kWidth; x += 3)
                if (occluder(x, y) == 255)
                    QVERIFY(isBackdrop(pixel(hole, x, y)));
    }

    void theAlphaIsTheMatte() {
        const Color grey = [this](int x, int y) {
            return Rgb8{human(x, y), human(x, y), human(x, y)};
        };
        QVERIFY(worst(shot(ViewMode::Alpha, "alpha"), everywhere(), grey) <= 1);
    }

    void rubylithCoversAllButThePerson() {
        const QImage image = shot(ViewMode::Rubylith, "rubylith");
        const Where person = [this](int x, int y) { return human(x, y) == 255; };
        QVERIFY(worst(image, person, source()) <= 1);
        for (int y = 0; y < kHeight; y += 3)
            for (int x = 0; x < kWidth; x += 3)
                if (human(x, y) == 0) {
                    const auto p = pixel(image, x, y);
                    QVERIFY(p[0] > p[1] + 15 && p[0] > p[2] + 15);
                }
    }

    void theBoundaryRunsAlongTheMatte() {
        const QImage image = shot(ViewMode::Boundary, "boundary");
        int yellow = 0;
        for (int y = 4; y < kHeight - 4; ++y)
            for (int x = 4; x < kWidth - 4; ++x) {
                const auto p = pixel(image, x, y);
                if (p[0] < 225 || p[1] < 200 || p[2] > 110)
                    continue;
                ++yellow;
                int low = 255, high = 0;
                for (int v = y - 3; v <= y + 3; ++v)
                    for (int u = x - 3; u <= x + 3; ++u) {
                        low = std::min(low, human(u, v));
                        high = std::max(high, human(u, v));
                    }
                QVERIFY2(low < 128 && high > 127, qPrintable(QString("%1 %2").arg(x).arg(y)));
            }
        QVERIFY2(yellow > 400 && yellow < 6000, qPrintable(QString::number(yellow)));
    }

    void depthIsBrightWhereItIsNear() {
        const QImage image = shot(ViewMode::Depth, "depth");
        const auto light = [&](int x, int y) { return qGray(image.pixel(x, y)); };
        QVERIFY(light(600, 470) > light(600, 300) + 20);
        QVERIFY(distance(pixel(image, 640, 20), {68, 1, 84}) <= 4); // viridis at 0
        auto ends = std::make_shared<FrameLayers>(*m_frame);
        ends->depth = std::make_shared<ImageU16>(kWidth, kHeight, 1,
                                                 std::uint16_t(std::lround(65535 * kDepthNear)));
        m_viewport->showFrame(ends);
        QVERIFY(distance(pixel(m_viewport->grabScreen(), 20, 20), {253, 231, 37}) <= 4);
        ends = std::make_shared<FrameLayers>(*m_frame);
        ends->depth = std::make_shared<ImageU16>(
            kWidth, kHeight, 1, std::uint16_t(std::lround(32767 * (kDepthNear + kDepthFar))));
        m_viewport->showFrame(ends);
        QVERIFY(distance(pixel(m_viewport->grabScreen(), 20, 20), {33, 145, 140}) <= 4);
    }

    void theMotionCodeIsThatOfTheEngine() {
        const QImage image = shot(ViewMode::MotionCode, "motion_code");
        const BodyModel& model = *sample::body();
        std::vector<glm::vec3> vertices = m_frame->body->vertices;
        const Camera& camera = m_frame->body->camera;
        for (auto& v : vertices)
            v = camera.toCamera(v);
        const ShapedBody shaped(model, m_frame->body->betas);
        const auto rest = shaped.restVertices();
        const ImageU8 wanted = renderMotionCodeRgb(
            {&vertices[0].x, vertices.size() * 3}, {&model.faces[0].x, model.faces.size() * 3},
            defaultMotionCode({&rest[0].x, rest.size() * 3}),
            {kWidth, kHeight, camera.fx, camera.fy, camera.cx, camera.cy});
        int covered = 0, off = 0;
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x) {
                const auto a = pixel(image, x, y), b = pixel(wanted, x, y);
                covered += b != Rgb8{0, 0, 0};
                off += distance(a, b) > 6; // edges have other sample positions
            }
        QVERIFY2(covered > 3000 && off < covered / 12,
                 qPrintable(QString("%1 of %2").arg(off).arg(covered)));
    }

    void theBodyCoversThePerson() {
        view().setMode(ViewMode::Source);
        const double ratio = m_viewport->devicePixelRatio();
        const QImage plain = m_viewport->grabScreen();
        view().setOverlayOpacity(1);
        view().setOverlay(BodyOverlay::Mesh);
        const QImage mesh = shot("overlay_mesh");
        const auto changed = differing(plain, mesh, 4);
        const QRectF box = bodyBox();
        const QRectF screenBox(box.topLeft() * ratio, box.size() * ratio);
        QVERIFY(allInside(changed, screenBox.adjusted(-3, -3, 3, 3)));
        // The truth about the body: nearly all of the person lies under it or in clothes round it.
        QSet<std::pair<int, int>> body;
        for (const QPoint p : changed)
            body.insert({int(p.x() / ratio), int(p.y() / ratio)});
        int both = 0, either = 0;
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x) {
                const bool a = human(x, y) > 127, b = body.contains({x, y});
                both += a && b;
                either += a || b;
            }
        const double iou = double(both) / either;
        QVERIFY2(iou > 0.6, qPrintable(QString::number(iou)));
    }

    void wireframeAndSkeletonStayOnTheBody() {
        view().setMode(ViewMode::Source);
        const QImage plain = m_viewport->grabScreen();
        const QRectF box = bodyBox().adjusted(-6, -6, 6, 6);
        view().setOverlay(BodyOverlay::Wireframe);
        const auto wires = differing(plain, shot("overlay_wireframe"));
        QVERIFY(wires.size() > 1000);
        QVERIFY(allInside(wires, box));
        view().setOverlay(BodyOverlay::Skeleton);
        const QImage skeleton = shot("overlay_skeleton");
        const auto bones = differing(plain, skeleton);
        QVERIFY(allInside(bones, box));
        for (const auto& joint : m_frame->body->joints) {
            const glm::vec2 at = m_frame->body->camera.project(joint);
            QVERIFY(distance(pixel(plain, int(at.x), int(at.y)),
                             pixel(skeleton, int(at.x), int(at.y))) > 4);
        }
    }

    void theWipeShowsAOnTheLeftAndBOnTheRight() {
        view().setMode(ViewMode::Alpha);
        view().setCompareWith(ViewMode::Source);
        view().setCompare(CompareMode::Wipe);
        view().setWipe(0.4f);
        const QImage image = shot("wipe");
        const int line = int(0.4 * kWidth);
        const Where left = [&](int x, int) { return x < line - 10; };
        const Where right = [&](int x, int) { return x > line + 10; };
        const Color grey = [this](int x, int y) {
            return Rgb8{human(x, y), human(x, y), human(x, y)};
        };
        QVERIFY(worst(image, left, grey) <= 1);
        QVERIFY(worst(image, right, source()) <= 1);
        QVERIFY(qGray(image.pixel(line, kHeight / 2)) > 200); // the handle
        QTest::mousePress(m_viewport.get(), Qt::LeftButton, {}, {line, 200});
        QTest::mouseMove(m_viewport.get(), {600, 210});
        QTest::mouseRelease(m_viewport.get(), Qt::LeftButton, {}, {600, 210});
        QCOMPARE(view().state().wipe, 600.f / kWidth);
    }

    void sideBySideShowsBothWhole() {
        view().setMode(ViewMode::Source);
        view().setCompareWith(ViewMode::Alpha);
        view().setCompare(CompareMode::SideBySide);
        const QImage image = shot("side_by_side");
        const double scale = 426.0 / kWidth;
        const double top = (kHeight - kHeight * scale) / 2;
        int shown = 0;
        for (int y = 60; y < kHeight - 60; y += 20)
            for (int x = 60; x < kWidth - 60; x += 20) {
                const auto right = pixel(image, 428 + int(x * scale), int(top + y * scale));
                const bool plain = human(x - 6, y - 6) == human(x + 6, y + 6) &&
                                   human(x + 6, y - 6) == human(x, y);
                if (plain && human(x, y) == human(x - 6, y + 6)) {
                    QVERIFY(std::abs(right[0] - human(x, y)) <= 3);
                    shown += human(x, y) == 255;
                }
            }
        QVERIFY(shown > 5);
        const auto above = pixel(image, 200, 20), between = pixel(image, 427, 240);
        QVERIFY(above[0] < 30 && between[0] < 30);
    }

    void theDifferenceIsZeroWhereNothingDiffers() {
        view().setMode(ViewMode::Source);
        view().setCompareWith(ViewMode::Source);
        view().setCompare(CompareMode::Difference);
        const Color black = [](int, int) { return Rgb8{0, 0, 0}; };
        QVERIFY(worst(m_viewport->grabScreen(), everywhere(), black) <= 0);
        view().setCompareWith(ViewMode::Scene);
        const Color wanted = [this](int x, int y) {
            const auto a = source()(x, y), b = plate()(x, y);
            return Rgb8{std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])};
        };
        QVERIFY(worst(shot("difference"), everywhere(), wanted) <= 2);
    }

    void theOnionSkinGoesFromAToB() {
        view().setMode(ViewMode::Source);
        view().setCompareWith(ViewMode::Scene);
        view().setCompare(CompareMode::Onion);
        view().setOnion(0);
        QVERIFY(worst(m_viewport->grabScreen(), everywhere(), source()) <= 1);
        view().setOnion(1);
        QVERIFY(worst(m_viewport->grabScreen(), everywhere(), plate()) <= 1);
        view().setOnion(0.5f);
        shot("onion");
    }

    void safeAreasAreWhereTheStandardPutsThem() {
        view().setMode(ViewMode::Source);
        const QImage plain = m_viewport->grabScreen();
        view().setSafeAreas(true);
        const QImage image = shot("safe_areas");
        for (const double share : {0.93, 0.90}) {
            const int x = int(kWidth * (1 - share) / 2), y = int(kHeight * (1 - share) / 2);
            int lighter = 0;
            for (int v = kHeight / 4; v < kHeight * 3 / 4; ++v)
                for (const int u : {x - 1, x, x + 1})
                    lighter += qGray(image.pixel(u, v)) > qGray(plain.pixel(u, v)) + 8;
            QVERIFY(lighter > kHeight / 3);
            QVERIFY(qGray(image.pixel(kWidth / 2, y)) > 90);
        }
    }

    void withoutCheckerboardWhatIsTransparentIsBlack() {
        view().setMode(ViewMode::Human);
        view().setCheckerboard(false);
        QCOMPARE(pixel(shot("human_on_black"), 430, 20), (Rgb8{0, 0, 0}));
    }

    void zoomingInKeepsThePointUnderTheCursor() {
        view().setMode(ViewMode::Source);
        const QPointF cursor(500, 250);
        const QPointF before = m_viewport->toPicture(cursor);
        for (int i = 0; i < 10; ++i) {
            QWheelEvent wheel(cursor, m_viewport->mapToGlobal(cursor), {}, {0, 120}, Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(m_viewport.get(), &wheel);
        }
        const QPointF moved = m_viewport->toPicture(cursor) - before;
        QVERIFY(moved.manhattanLength() < 1);
        QVERIFY(std::abs(view().state().zoom - std::pow(1.2, 10)) < 1e-6);
        const QImage image = shot("zoomed"); // pixels with hard edges
        for (int y = 10; y < kHeight; y += 23)
            for (int x = 10; x < kWidth; x += 23) {
                const QPointF p = m_viewport->toPicture({x + 0.5, y + 0.5});
                const double u = p.x() - std::floor(p.x()), v = p.y() - std::floor(p.y());
                if (std::min({u, v, 1 - u, 1 - v}) > 0.15)
                    QVERIFY(distance(pixel(image, x, y), source()(int(p.x()), int(p.y()))) <= 1);
            }
        view().setFit();
        QCOMPARE(m_viewport->toPicture({0, 0}), QPointF(0, 0));
    }

    void pointsAreWhereTheyAreShown() {
        m_viewport->zoomToPixels();
        QCOMPARE(view().state().zoom, 1.0);
        const double ratio = m_viewport->devicePixelRatio();
        const QPointF origin = m_viewport->toWidget({0, 0}),
                      further = m_viewport->toWidget({100, 0});
        QVERIFY(std::abs((further.x() - origin.x()) * ratio - 100) < 1e-6);
        QCOMPARE(m_viewport->toPicture(m_viewport->toWidget({33, 44})), QPointF(33, 44));
    }

    void theMiddleButtonPans() {
        m_viewport->zoomToPixels();
        QTest::mousePress(m_viewport.get(), Qt::MiddleButton, {}, {300, 200});
        QTest::mouseMove(m_viewport.get(), {360, 170});
        QTest::mouseRelease(m_viewport.get(), Qt::MiddleButton, {}, {360, 170});
        QCOMPARE(m_viewport->toPicture({60, 0}), QPointF(0, 30));
    }

    void theProbeTellsTheValuesUnderTheCursor() {
        QSignalSpy probed(m_viewport.get(), &Viewport::probed);
        QSignalSpy left(m_viewport.get(), &Viewport::probeLeft);
        QTest::mouseMove(m_viewport.get(), {400, 300});
        QTest::mouseMove(m_viewport.get(), {321, 234});
        ProbeSample sample; // of the last move: the screen may tell of the first one late
        QVERIFY(QTest::qWaitFor(
            [&] {
                if (!probed.isEmpty())
                    sample = probed.last().first().value<ProbeSample>();
                return sample.pixel == QPoint(321, 234);
            },
            2000));
        QCOMPARE(*sample.source, source()(321, 234));
        QCOMPARE(*sample.human, human(321, 234));
        view().setZoom(0.25, {427, 240});
        QTest::mouseMove(m_viewport.get(), {5, 5});
        QVERIFY(QTest::qWaitFor([&] { return !left.isEmpty(); }, 2000));
    }

    void spaceShowsTheLayersApart() {
        view().setSpace(true);
        const QImage first = shot("space");
        const Rgb8 backdrop = pixel(first, 3, 3);
        int drawn = 0;
        for (int y = 0; y < kHeight; y += 4)
            for (int x = 0; x < kWidth; x += 4)
                drawn += distance(pixel(first, x, y), backdrop) > 10;
        QVERIFY2(drawn > kWidth * kHeight / 16 / 5, qPrintable(QString::number(drawn)));
        QTest::mousePress(m_viewport.get(), Qt::LeftButton, {}, {400, 300});
        QTest::mouseMove(m_viewport.get(), {560, 260});
        QTest::mouseRelease(m_viewport.get(), Qt::LeftButton, {}, {560, 260});
        QVERIFY(differing(first, shot("space_turned")).size() > 20000);
        OrbitState orbit;
        orbit.spread = 1;
        orbit.distance = 3;
        view().setOrbit(orbit);
        view().setOverlay(BodyOverlay::Mesh);
        shot("space_spread_mesh");
    }

    void theClipsOwnCameraSeesTheClip() {
        // From the clip's camera, not pulled apart, the sheets lie over each other as in the
        // picture.
        view().setSpace(true);
        OrbitState orbit;
        orbit.yaw = orbit.pitch = orbit.spread = 0;
        orbit.distance = 1;
        view().setOrbit(orbit);
        const QImage image = shot("space_front");
        const glm::vec2 pelvis = m_frame->body->camera.project(m_frame->body->joints[0]);
        // The orbit looks at the pelvis, which is in the middle of the screen now.
        int close = 0, count = 0;
        for (int dy = -40; dy <= 40; dy += 4)
            for (int dx = -12; dx <= 12; dx += 4) {
                const int x = int(pelvis.x) + dx, y = int(pelvis.y) + dy;
                if (x < 0 || y < 0 || x >= kWidth || y >= kHeight || human(x, y) != 255)
                    continue;
                ++count;
                close +=
                    distance(pixel(image, kWidth / 2 + dx, kHeight / 2 + dy), source()(x, y)) < 40;
            }
        QVERIFY2(count > 20 && close > count * 2 / 3,
                 qPrintable(QString("%1 of %2").arg(close).arg(count)));
    }

    void statisticsAreDrawnOverThePicture() {
        view().setMode(ViewMode::Source);
        const QImage plain = m_viewport->grabScreen();
        view().setStatistics(true);
        ViewportFacts facts;
        facts.cache = {std::size_t(300) << 20, std::size_t(768) << 20, 41, 7};
        m_viewport->setFacts(facts);
        m_viewport->grabScreen(); // the windows find their size in the first frame
        const QImage image = shot("statistics");
        const auto changed = differing(plain, image);
        QVERIFY(changed.size() > 10000);
        QVERIFY(changed.contains(QPoint(15, 15))); // performance, top left
        QVERIFY(std::any_of(changed.begin(), changed.end(),
                            [](QPoint p) { return p.x() > kWidth - 60; })); // pose, right
        QVERIFY(m_viewport->lastPaintMs() > 0);
    }

    void aStillForAFileHasNoOverlays() {
        view().setMode(ViewMode::Human);
        view().setSafeAreas(true);
        view().setOverlay(BodyOverlay::Mesh);
        const QImage image = m_viewport->grabPicture();
        QCOMPARE(image.size(), QSize(kWidth, kHeight));
        int wrong = 0;
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x) {
                wrong += std::abs(qAlpha(image.pixel(x, y)) - human(x, y)) > 1;
                if (human(x, y) == 255)
                    wrong += distance(pixel(image, x, y), source()(x, y)) > 2;
            }
        QCOMPARE(wrong, 0);
    }

    void reducedImagesFillTheSamePlace() {
        auto half = std::make_shared<FrameLayers>();
        half->fullSize = m_frame->fullSize;
        half->reduction = 2;
        half->source = std::make_shared<ImageU8>(kWidth / 2, kHeight / 2, 3, std::uint8_t(140));
        m_viewport->showFrame(half);
        view().setMode(ViewMode::Source);
        const QImage image = m_viewport->grabScreen();
        for (const QPoint corner : {QPoint(0, 0), QPoint(kWidth - 1, kHeight - 1)})
            QCOMPARE(pixel(image, corner.x(), corner.y()), (Rgb8{140, 140, 140}));
    }

    void aNewWindowForTheSameViewportKeepsThePicture() {
        // Docking and full screen give the widget another window and with it another context.
        QWidget other;
        other.resize(kWidth, kHeight);
        m_viewport->setParent(&other);
        m_viewport->move(0, 0);
        m_viewport->show();
        other.show();
        QVERIFY(QTest::qWaitForWindowExposed(&other));
        view().setMode(ViewMode::Source);
        QVERIFY(worst(m_viewport->grabScreen(), everywhere(), source()) <= 1);
        m_viewport->setParent(nullptr);
    }

    void nothingIsShownOfAClosedClip() {
        m_viewport->clear();
        const QImage image = m_viewport->grabScreen();
        QCOMPARE(pixel(image, 400, 200), pixel(image, 5, 5));
    }
};

STRATA_GUI_TEST_MAIN(TestViewport)
#include "test_viewport.moc"
