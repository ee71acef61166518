// SPDX-License-Identifier: Apache-2.0
#include "engine/media/trimmed_matte.h"

#include <QTest>

#include <cmath>

using namespace strata;

class TestTrimmedMatte : public QObject {
    Q_OBJECT
    static constexpr int kSide = 101, kMiddle = 50;

    static ImageU8 disc(double radius) {
        ImageU8 out(kSide, kSide, 1);
        for (int y = 0; y < kSide; ++y)
            for (int x = 0; x < kSide; ++x)
                out.at(x, y) = std::hypot(x - kMiddle, y - kMiddle) <= radius ? 255 : 0;
        return out;
    }
    /// Radius of a disc that covers as much.
    static double radiusOf(const ImageU8& matte) {
        double sum = 0;
        for (std::size_t i = 0; i < matte.count(); ++i)
            sum += matte.data()[i] / 255.0;
        return std::sqrt(sum / M_PI);
    }

    class TwoFrames : public MaskSource {
    public:
        std::int64_t frameCount() const override { return 2; }
        Size frameSize() const override { return {kSide, kSide}; }
        Result<Frame> frame(std::int64_t index) override {
            if (index > 1)
                return Error{ErrorCode::NotFound, "There are two frames."};
            return Frame(std::make_shared<ImageU8>(disc(index == 0 ? 10 : 20)));
        }
    };

private Q_SLOTS:
    void nothingToTrimChangesNothing() {
        const ImageU8 matte = disc(20);
        const ImageU8 same = trimmedMatte(matte, {});
        QVERIFY(std::equal(matte.data(), matte.data() + matte.count(), same.data()));
    }

    void theEdgeMovesByWhatIsAsked_data() {
        QTest::addColumn<double>("grow");
        for (const double grow : {1.0, 2.5, 10.0, 30.0, -1.0, -2.5, -10.0})
            QTest::newRow(qPrintable(QString::number(grow))) << grow;
    }
    void theEdgeMovesByWhatIsAsked() {
        QFETCH(double, grow);
        const double before = radiusOf(disc(18));
        const double after = radiusOf(trimmedMatte(disc(18), {grow, 0}));
        QVERIFY2(std::abs(after - before - grow) < 0.4,
                 qPrintable(QString("%1 to %2").arg(before).arg(after)));
    }

    void moreThanThereIsLeavesNothing() {
        QCOMPARE(radiusOf(trimmedMatte(disc(18), {-25, 0})), 0.0);
    }

    void allAndNothingStay() {
        for (const std::uint8_t value : {std::uint8_t(0), std::uint8_t(255)})
            for (const double grow : {-8.0, 8.0}) {
                const ImageU8 all(kSide, kSide, 1, value);
                const ImageU8 out = trimmedMatte(all, {grow, 0});
                QVERIFY(std::equal(all.data(), all.data() + all.count(), out.data()));
            }
    }

    void softPartsOutsideOfTheGrownEdgeStay() {
        ImageU8 matte = disc(18);
        matte.at(kMiddle + 40, kMiddle) = 70; // a hair
        QCOMPARE(int(trimmedMatte(matte, {5, 0}).at(kMiddle + 40, kMiddle)), 70);
        QCOMPARE(int(trimmedMatte(matte, {-1, 0}).at(kMiddle + 40, kMiddle)), 0);
    }

    void aFeatheredEdgeIsAsWideAsAsked() {
        const ImageU8 out = trimmedMatte(disc(30), {0, 12});
        const auto at = [&](int radius) { return int(out.at(kMiddle + radius, kMiddle)); };
        QVERIFY(std::abs(at(30) - 128) < 25); // in its middle where it was
        QVERIFY(at(30 - 7) > 240 && at(30 + 8) < 15);
        QVERIFY(at(30 - 4) < 250 && at(30 + 5) > 5);
        for (int radius = 20; radius < 40; ++radius)
            QVERIFY(at(radius) >= at(radius + 1));
    }

    void framesOfASourceAreTrimmed() {
        const auto trimmed = trimmedMattes(std::make_unique<TwoFrames>(), {3, 0});
        QCOMPARE(trimmed->frameCount(), std::int64_t(2));
        QCOMPARE(trimmed->frameSize(), (Size{kSide, kSide}));
        QVERIFY(std::abs(radiusOf(**trimmed->frame(1)) - 23.1) < 0.5);
        QVERIFY(!trimmed->frame(2));
    }

    void aSourceWithNothingToTrimComesBack() {
        auto mattes = std::make_unique<TwoFrames>();
        const MaskSource* const same = mattes.get();
        QCOMPARE(trimmedMattes(std::move(mattes), {}).get(), same);
        QVERIFY(!trimmedMattes(nullptr, {3, 0}));
    }
};

QTEST_APPLESS_MAIN(TestTrimmedMatte)
#include "test_trimmed_matte.moc"
