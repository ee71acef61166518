// SPDX-License-Identifier: Apache-2.0
#include "engine/core/result.h"

#include <QTest>

#include <memory>

using namespace strata;

class TestResult : public QObject {
    Q_OBJECT
    static Result<std::unique_ptr<int>> make(bool succeed) {
        if (!succeed)
            return Error{ErrorCode::NotFound, "No number."};
        return std::make_unique<int>(7);
    }
    static Result<int> doubled(bool succeed) {
        STRATA_ASSIGN(const auto number, make(succeed));
        return *number * 2;
    }

private Q_SLOTS:
    void valuesPassThrough() { QCOMPARE(*doubled(true), 14); }

    void errorsPassThrough() {
        const auto result = doubled(false);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NotFound);
        QCOMPARE(result.error().message, std::string("No number."));
    }
};

QTEST_GUILESS_MAIN(TestResult)
#include "test_result.moc"
