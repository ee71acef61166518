// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/layers/person_portrait.h"

#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestPersonPortrait : public QObject {
    Q_OBJECT

    /// A grey picture with a person of `height` pixels standing at `x`: a red head, a blue body.
    static FrameLayers person(int x, int top, int height, int reduction = 1) {
        ImageU8 source(320, 240, 3), matte(320, 240, 1);
        std::fill_n(source.data(), source.count(), std::uint8_t(90));
        std::fill_n(matte.data(), matte.count(), std::uint8_t(0));
        for (int y = top; y < std::min(240, top + height); ++y) {
            const bool head = y < top + height / 7;
            const int half = head ? height / 14 : height / 8;
            for (int i = std::max(0, x - half); i < std::min(320, x + half); ++i) {
                *matte.pixel(i, y) = 255;
                source.pixel(i, y)[0] = head ? 220 : 20;
                source.pixel(i, y)[1] = 20;
                source.pixel(i, y)[2] = head ? 20 : 220;
            }
        }
        FrameLayers frame;
        frame.reduction = reduction;
        frame.source = std::make_shared<const ImageU8>(std::move(source));
        frame.human = std::make_shared<const ImageU8>(std::move(matte));
        return frame;
    }

private Q_SLOTS:
    void theHeadIsInTheMiddle() {
        for (const int x : {80, 160, 240}) {
            const auto portrait = portraitOf(person(x, 30, 180), 64);
            QVERIFY(portrait);
            QCOMPARE(portrait->image.size(), QSize(64, 64));
            const QColor middle = portrait->image.pixelColor(32, 24);
            QVERIFY2(middle.red() > 180 && middle.blue() < 80, qPrintable(middle.name()));
            const QColor corner = portrait->image.pixelColor(2, 2);
            QVERIFY2(qAbs(corner.red() - 90) < 12, qPrintable(corner.name()));
        }
    }

    void alphaServesWhereNothingBetterIs() {
        FrameLayers frame = person(160, 30, 180);
        frame.alpha = std::exchange(frame.human, nullptr);
        QVERIFY(portraitOf(frame, 64));
    }

    void largerPeopleAreWorthMore() {
        const auto near = portraitOf(person(160, 30, 180), 64);
        const auto far = portraitOf(person(160, 30, 60), 64);
        const auto reduced = portraitOf(person(160, 30, 180, 2), 64);
        QVERIFY(near && far && reduced);
        QVERIFY(near->worth > 2 * far->worth);
        QCOMPARE(reduced->worth, 2 * near->worth);
    }

    void whatShowsNoHeadIsNoPortrait() {
        QVERIFY(!portraitOf(person(160, 0, 180), 64)); // cut by the picture's edge
        QVERIFY(!portraitOf(person(160, 30, 10), 64)); // too small to see
        QVERIFY(!portraitOf(person(2, 30, 180), 64));  // half outside
        FrameLayers bare;
        QVERIFY(!portraitOf(bare, 64));
        FrameLayers nobody = person(160, 30, 180);
        nobody.human = std::make_shared<const ImageU8>(ImageU8(320, 240, 1));
        QVERIFY(!portraitOf(nobody, 64));
        FrameLayers other = person(160, 30, 180);
        other.human = std::make_shared<const ImageU8>(ImageU8(100, 100, 1));
        QVERIFY(!portraitOf(other, 64));
    }
};

QTEST_GUILESS_MAIN(TestPersonPortrait)
#include "test_person_portrait.moc"
