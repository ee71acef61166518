// SPDX-License-Identifier: Apache-2.0
#include "engine/core/tone_curve.h"

#include <QTest>

using namespace strata;

class TestToneCurve : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thereAndBackIsTheSame() {
        for (float radiance = 0.f; radiance < 3.f; radiance += 0.01f)
            if (const float shown = filmic(radiance); shown <= 0.9f)
                QVERIFY2(std::abs(unfilmic(shown) - radiance) < 1e-3f * (1.f + radiance),
                         qPrintable(QString::number(radiance)));
        QCOMPARE(unfilmic(0.f), 0.f);
    }

    void knownPoints() { // of the published fit, at 0.6 of the radiance
        QVERIFY(std::abs(filmic(1.f / 0.6f) - 2.54f / 3.16f) < 1e-5f);
        QVERIFY(std::abs(filmic(0.1f / 0.6f) - 0.0281f / 0.2233f) < 1e-5f);
        QCOMPARE(filmic(-1.f), 0.f);
        QCOMPARE(filmic(100.f), 1.f);
    }

    void whatIsBurntOutIsTakenForBright() {
        QCOMPARE(unfilmic(1.f), unfilmic(0.9f));
        QVERIFY(unfilmic(1.f) < 4.f);
    }
};

QTEST_APPLESS_MAIN(TestToneCurve)
#include "test_tone_curve.moc"
