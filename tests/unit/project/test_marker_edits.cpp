// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/marker_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

using namespace strata;

class TestMarkerEdits : public QObject {
    Q_OBJECT
    static Project marked() {
        Project p = sampleProject();
        p = must(addMarker(p, {{}, 50, "middle", {}}));
        return must(addMarker(p, {{}, 10, "early", {}}));
    }

private Q_SLOTS:
    void markersAreKeptInOrder() {
        const Project p = marked();
        QCOMPARE(p.markers.size(), std::size_t(2));
        QCOMPARE(p.markers[0].name, std::string("early"));
        QVERIFY(p.markers[0].id > p.markers[1].id);
    }

    void movingKeepsOrderAndStaysInTheClip() {
        Project p = marked();
        p = must(moveMarker(p, p.markers[0].id, 1000));
        QCOMPARE(p.markers[1].name, std::string("early"));
        QCOMPARE(p.markers[1].frame, std::int64_t(99));
        p = must(moveMarker(p, p.markers[1].id, -3));
        QCOMPARE(p.markers[0].frame, std::int64_t(0));
    }

    void removingTakesTheRightOne() {
        Project p = marked();
        p = must(removeMarker(p, p.markers[0].id));
        QCOMPARE(p.markers.size(), std::size_t(1));
        QCOMPARE(p.markers[0].name, std::string("middle"));
    }

    void namesAreCleaned_data() {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("kept");
        QTest::newRow("plain") << QByteArray("Fußtritt 雪") << QByteArray("Fußtritt 雪");
        QTest::newRow("control characters") << QByteArray("a\nb\x7f") << QByteArray("ab");
        QTest::newRow("not UTF-8") << QByteArray("f\xfc") << QByteArray("fü");
        QTest::newRow("too long") << QByteArray("a") + QByteArray("ü").repeated(150)
                                  << QByteArray("a") + QByteArray("ü").repeated(99);
    }
    void namesAreCleaned() {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, kept);
        Project p = marked();
        p = must(renameMarker(p, p.markers[0].id, given.toStdString()));
        QCOMPARE(QByteArray::fromStdString(p.markers[0].name), kept);
    }

    void whatIsNotThereIsNamed() {
        const auto result = removeMarker(sampleProject(), MarkerId{77});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NotFound);
        QCOMPARE(result.error().message, std::string("There is no marker 77 in the project."));
    }

    void withoutAClipThereIsNoPlace() {
        const auto result = addMarker({}, {});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Usage);
    }
};

QTEST_GUILESS_MAIN(TestMarkerEdits)
#include "test_marker_edits.moc"
