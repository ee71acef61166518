// SPDX-License-Identifier: Apache-2.0
#include "engine/media/painted_matte.h"

#include <QTest>

#include <cmath>

using namespace strata;

class TestPaintedMatte : public QObject {
    Q_OBJECT
    static constexpr int kWidth = 80, kHeight = 60;

    static MatteStroke dot(double x, double y, double radius, bool positive = true) {
        return {7, positive, radius, {{float(x), float(y)}}};
    }
    static double covered(const ImageU8& matte) {
        double sum = 0;
        for (std::size_t i = 0; i < matte.count(); ++i)
            sum += matte.data()[i] / 255.0;
        return sum;
    }
    static bool same(const ImageU8& a, const ImageU8& b) {
        return std::equal(a.data(), a.data() + a.count(), b.data());
    }

    class Empty : public MaskSource {
    public:
        std::int64_t frameCount() const override { return 5; }
        Size frameSize() const override { return {kWidth, kHeight}; }
        Result<Frame> frame(std::int64_t) override {
            return Frame(std::make_shared<ImageU8>(kWidth, kHeight, 1));
        }
    };

private Q_SLOTS:
    void aDotIsADisc_data() {
        QTest::addColumn<double>("radius");
        for (const double radius : {1.0, 3.5, 12.0})
            QTest::newRow(qPrintable(QString::number(radius))) << radius;
    }
    void aDotIsADisc() {
        QFETCH(double, radius);
        const MatteStroke stroke = dot(40.5, 30.5, radius);
        const ImageU8 out = paintedMatte(ImageU8(kWidth, kHeight, 1), {&stroke, 1}, 7);
        const double wanted = M_PI * radius * radius;
        const double got = covered(out);
        QVERIFY2(std::abs(got - wanted) < 2 * radius + 1, qPrintable(QString::number(got)));
        QCOMPARE(int(out.at(40, 30)), 255);
        // As far to the left as to the right.
        for (int d = 1; d < 20; ++d)
            QVERIFY(std::abs(int(out.at(40 - d, 30)) - int(out.at(40 + d, 30))) <= 16);
    }

    void aLineIsAsWideAsItsBrush() {
        const MatteStroke stroke{7, true, 5, {{20, 30}, {60, 30}}};
        const ImageU8 out = paintedMatte(ImageU8(kWidth, kHeight, 1), {&stroke, 1}, 7);
        double across = 0;
        for (int y = 0; y < kHeight; ++y)
            across += out.at(40, y) / 255.0;
        QVERIFY2(std::abs(across - 10) < 1.5, qPrintable(QString::number(across)));
        QCOMPARE(int(out.at(40, 30)), 255);
        QVERIFY(out.at(16, 30) > 128 && out.at(13, 30) == 0); // round ends
    }

    void laterStrokesGoOverEarlierOnes() {
        const std::vector<MatteStroke> strokes{dot(40, 30, 10), dot(40, 30, 4, false)};
        const ImageU8 out = paintedMatte(ImageU8(kWidth, kHeight, 1), strokes, 7);
        QCOMPARE(int(out.at(40, 30)), 0);
        QCOMPARE(int(out.at(40, 23)), 255);
    }

    void otherFramesAreLeftAlone() {
        const MatteStroke stroke = dot(40, 30, 10);
        QVERIFY(isPainted({&stroke, 1}, 7) && !isPainted({&stroke, 1}, 8));
        const ImageU8 matte(kWidth, kHeight, 1, 90);
        QVERIFY(same(paintedMatte(matte, {&stroke, 1}, 8), matte));
    }

    void strokesMayLeaveThePicture() {
        const MatteStroke beside = dot(-500, 30, 10);
        const ImageU8 matte(kWidth, kHeight, 1);
        QVERIFY(same(paintedMatte(matte, {&beside, 1}, 7), matte));
        const MatteStroke across{7, true, 4, {{-200, 30}, {300, 30}}};
        QCOMPARE(int(paintedMatte(matte, {&across, 1}, 7).at(0, 30)), 255);
    }

    void aReducedMatteIsPaintedAlike() {
        const MatteStroke stroke = dot(40, 30, 12);
        const double whole = covered(paintedMatte(ImageU8(kWidth, kHeight, 1), {&stroke, 1}, 7));
        const double half =
            covered(paintedMatte(ImageU8(kWidth / 2, kHeight / 2, 1), {&stroke, 1}, 7, 0.5));
        QVERIFY(std::abs(whole / 4 - half) < 0.06 * half);
    }

    void framesOfASourceAreCountedFromItsFirst() {
        const auto source = paintedMattes(std::make_unique<Empty>(), {dot(40, 30, 6)}, 5);
        QCOMPARE(covered(**source->frame(1)), 0.0);
        QVERIFY(covered(**source->frame(2)) > 50); // frame 7 of the clip
        QCOMPARE(source->frameCount(), std::int64_t(5));
    }

    void aSourceWithoutStrokesComesBack() {
        auto mattes = std::make_unique<Empty>();
        const MaskSource* const given = mattes.get();
        QCOMPARE(paintedMattes(std::move(mattes), {}, 0).get(), given);
        QVERIFY(!paintedMattes(nullptr, {dot(1, 1, 1)}, 0));
    }
};

QTEST_APPLESS_MAIN(TestPaintedMatte)
#include "test_painted_matte.moc"
