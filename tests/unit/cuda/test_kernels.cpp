// SPDX-License-Identifier: Apache-2.0
// The kernels of the .cu files, run on the CPU; tests/gpu runs the same cases on a GPU.
#include "tests/support/kernel_cases.h"

#include <QTest>

using namespace strata::test;

namespace {

void compare(const std::vector<KernelResult>& results, int atLeast) {
    for (const auto& result : results)
        QVERIFY2(result.good(), qPrintable(QString("%1: %2, limit %3 %4")
                                               .arg(QString::fromStdString(result.name))
                                               .arg(result.worst)
                                               .arg(result.limit)
                                               .arg(QString::fromStdString(result.trouble))));
    QVERIFY(std::ssize(results) >= atLeast);
}

} // namespace

class TestKernels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theRasteriserGivesTheBitsOfTheCpu() {
        HostMemory memory;
        compare(rasterCases(memory, true, false), 60);
    }

    void normsAgreeWithSumsInDoublePrecision() {
        HostMemory memory;
        compare(groupNormCases(memory, false), 30);
    }
};

QTEST_GUILESS_MAIN(TestKernels)
#include "test_kernels.moc"
