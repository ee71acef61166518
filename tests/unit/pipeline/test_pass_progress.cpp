// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/pass_progress.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <vector>

using namespace strata;

class TestPassProgress : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void passesCountAsSteps() {
        std::vector<double> told;
        const JobContext job{{}, [&](const Progress& p) { told.push_back(p.fraction); }};
        PassProgress passes(job, 40, 2);
        const JobContext inner{{}, std::ref(passes)};
        inner.progress("boxes", 40, 40);
        inner.progress("conditions", 15, 30); // a run of 30 frames: an eighth of it
        inner.progress("denoise", 1, 2);
        inner.progress("decode", 15, 30);
        inner.progress("decode", 30, 30);
        inner.progress("conditions", 10, 10); // the second: a quarter of it
        inner.progress("denoise", 2, 2);
        inner.progress("decode", 10, 10);
        const std::vector<double> expected = {
            0.,   0.75 * 0.125,       0.75 * 0.5,         0.75 * 0.875,
            0.75, 0.75 + 0.25 * 0.25, 0.75 + 0.25 * 0.75, 1.};
        QCOMPARE(told.size(), expected.size());
        for (std::size_t i = 0; i < told.size(); ++i)
            QVERIFY2(std::abs(told[i] - expected[i]) < 1e-3, qPrintable(QString::number(i)));
    }

    void sharedFramesAreNeverMoreThanAll() {
        double last = 0;
        const JobContext job{{}, [&](const Progress& p) { last = p.fraction; }};
        PassProgress passes(job, 10, 1);
        const JobContext inner{{}, std::ref(passes)};
        for (int run = 0; run < 2; ++run) {
            inner.progress("conditions", 7, 7);
            inner.progress("denoise", 1, 1);
            inner.progress("decode", 7, 7);
        }
        QCOMPARE(last, 1.0);
    }
};

QTEST_APPLESS_MAIN(TestPassProgress)
#include "test_pass_progress.moc"
