// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/bench_denoise.h"

#include <QTest>

using namespace strata;

class TestBenchDenoise : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bothFormulationsGiveTheSame() {
        const auto report = benchDenoise({"small", {64, 72}, 2, 1, 25}, {});
        QVERIFY2(bool(report), report ? "" : report.error().message.c_str());
        QCOMPARE(report->lines.size(), std::size_t(2));
        for (const auto& line : report->lines) {
            QVERIFY(line.plainReference > 0 && line.savedReference > 0);
            QVERIFY(line.plainStep > 0 && line.savedStep > 0 && line.ratio(25) > 0);
            QVERIFY(line.difference > 0 && line.difference < 1e-4);
        }
        QCOMPARE(report->lines[1].size, 72);
    }

    void whatMakesNoSenseIsRefused() {
        for (const DenoiseBenchRequest& request : {DenoiseBenchRequest{"large", {64}, 2, 1, 25},
                                                   {"small", {65}, 2, 1, 25},
                                                   {"small", {}, 2, 1, 25},
                                                   {"small", {64}, 33, 1, 25},
                                                   {"small", {64}, 2, 0, 25},
                                                   {"small", {64}, 2, 1, 0}}) {
            const auto report = benchDenoise(request, {});
            QVERIFY(!report && report.error().code == ErrorCode::Usage);
        }
    }

    void aStopEndsIt() {
        std::stop_source stop;
        stop.request_stop();
        const auto report = benchDenoise({"small", {64}, 2, 1, 25}, {stop.get_token(), {}});
        QVERIFY(!report && report.error().code == ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestBenchDenoise)
#include "test_bench_denoise.moc"
