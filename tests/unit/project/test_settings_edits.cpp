// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/settings_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

#include <cmath>

using namespace strata;

class TestSettingsEdits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sizesAreMultiplesOfEight_data() {
        QTest::addColumn<int>("given");
        QTest::addColumn<int>("kept");
        QTest::newRow("as it is") << 784 << 784;
        QTest::newRow("down") << 771 << 768;
        QTest::newRow("up") << 772 << 776;
        QTest::newRow("smallest") << -5 << 64;
        QTest::newRow("largest") << 100000 << 1536;
    }
    void sizesAreMultiplesOfEight() {
        QFETCH(int, given);
        SynthSettings synth;
        synth.size = given;
        QTEST(must(setSynthSettings({}, synth)).synth.size, "kept");
    }

    void numbersAreClamped() {
        SynthSettings synth;
        synth.steps = 0;
        synth.guidance = 99;
        synth.guideFrom = 0.6;
        synth.guideTo = 0.4;
        const SynthSettings kept = must(setSynthSettings({}, synth)).synth;
        QCOMPARE(kept.steps, 1);
        QCOMPARE(kept.guidance, 30.0);
        QCOMPARE(kept.guideTo, 0.6);
        DeliverySettings delivery;
        delivery.crf = 70;
        QCOMPARE(must(setDeliverySettings({}, delivery)).delivery.crf, 51.0);
    }

    void whatMakesNoSenseIsRefused() {
        SynthSettings synth;
        synth.guidance = NAN;
        QCOMPARE(setSynthSettings({}, synth).error().code, ErrorCode::Usage);
        DeliverySettings delivery;
        delivery.preset = "placebo2";
        QCOMPARE(setDeliverySettings({}, delivery).error().message,
                 std::string("There is no encoder preset 'placebo2'."));
    }
};

QTEST_GUILESS_MAIN(TestSettingsEdits)
#include "test_settings_edits.moc"
