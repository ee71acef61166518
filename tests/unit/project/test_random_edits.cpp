// SPDX-License-Identifier: Apache-2.0
// Whatever is done to a project, it keeps its promises and survives its file.
#include "engine/project/check.h"
#include "engine/project/io/project_file.h"
#include "tests/support/project_samples.h"

#include <QTest>

using namespace strata;

class TestRandomEdits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void promisesAreKept() {
        std::mt19937 numbers(11);
        for (int run = 0; run < 50; ++run) {
            Project p = sampleProject();
            for (int i = 0; i < 200; ++i) {
                p = randomEdit(p, numbers);
                QCOMPARE(QByteArray::fromStdString(brokenPromise(p)), QByteArray());
            }
            QCOMPARE(must(readProject(writeProject(p, "/projects"), "/projects", "p")), p);
        }
    }

    /// The edits reach what they are meant to reach; otherwise the test above would prove nothing.
    void everythingIsTried() {
        std::mt19937 numbers(5);
        std::size_t markers = 0, strokes = 0, tracks = 0, sources = 0, locked = 0, media = 0;
        for (int run = 0; run < 30; ++run) {
            Project p = sampleProject();
            for (int i = 0; i < 100; ++i)
                p = randomEdit(p, numbers);
            markers += p.markers.size();
            strokes += p.strokes.size();
            media += p.media.size() > 3;
            for (const Person& person : p.people) {
                tracks += person.tracks.size();
                sources += !person.sources.empty();
            }
            for (const Layer& layer : p.layers)
                locked += layer.locked;
        }
        for (const std::size_t count : {markers, strokes, tracks, sources, locked, media})
            QVERIFY(count > 5);
    }
};

QTEST_GUILESS_MAIN(TestRandomEdits)
#include "test_random_edits.moc"
