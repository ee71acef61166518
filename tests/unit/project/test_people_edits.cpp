// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/people_edits.h"

#include "engine/project/edit/source_edits.h"
#include "engine/project/edit/stroke_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

using namespace strata;

class TestPeopleEdits : public QObject {
    Q_OBJECT
    static Project apply(const Project& p, const std::vector<FoundPerson>& found) {
        return must(applyPeople(p, found));
    }
    static std::vector<LayerKind> kinds(const Project& p) {
        std::vector<LayerKind> out;
        for (const Layer& layer : p.layers)
            out.push_back(layer.kind);
        return out;
    }

private Q_SLOTS:
    void everybodyGetsALayerBetweenSceneAndOccluder() {
        const Project p = sampleProject();
        QCOMPARE(kinds(p), (std::vector{LayerKind::Scene, LayerKind::Person, LayerKind::Person,
                                        LayerKind::Occluder}));
        QCOMPARE(p.layers[1].person, std::optional(PersonId{1}));
        QCOMPARE(p.layers[2].person, std::optional(PersonId{2}));
        QVERIFY(!(p.people[0].color == p.people[1].color));
        QCOMPARE(p.layers[1].color, p.people[0].color);
    }

    void theUsersEditsStay() {
        Project p = must(renamePerson(sampleProject(), PersonId{2}, "Ann"));
        p = must(setPersonColor(p, PersonId{2}, {1, 2, 3}));
        p = must(setIdentitySource(p, PersonId{2}, MediaId{2}));
        const LayerId layer = p.layerOf(PersonId{2})->id;
        p = apply(p, {{PersonId{2}, {{50, 60}}, 55}});
        const Person& ann = *p.find(PersonId{2});
        QCOMPARE(ann.name, std::string("Ann"));
        QCOMPARE(ann.color, (LabelColor{1, 2, 3}));
        QCOMPARE(ann.sources.identity, std::optional(MediaId{2}));
        QCOMPARE(ann.tracks, (std::vector<FrameRange>{{50, 60}}));
        QCOMPARE(ann.portraitFrame, std::int64_t(55));
        QCOMPARE(p.layerOf(PersonId{2})->id, layer);
    }

    void whoIsNotFoundAgainGoes() {
        const Project p = apply(sampleProject(), {{PersonId{2}, {{0, 9}}, 0}});
        QVERIFY(!p.find(PersonId{1}));
        QVERIFY(!p.layerOf(PersonId{1}));
        QCOMPARE(p.layers.size(), std::size_t(3));
    }

    void whoWasEditedStaysWithoutTracks_data() {
        QTest::addColumn<int>("edit");
        QTest::newRow("name") << 0;
        QTest::newRow("source") << 1;
        QTest::newRow("strokes") << 2;
    }
    void whoWasEditedStaysWithoutTracks() {
        QFETCH(int, edit);
        Project p = sampleProject();
        p = must(edit == 0   ? renamePerson(p, PersonId{1}, "Ann")
                 : edit == 1 ? setMotionSource(p, PersonId{1}, MediaId{3})
                             : addStroke(p, sampleStroke(p.layerOf(PersonId{1})->id, 3)));
        p = apply(p, {});
        QCOMPARE(p.people.size(), std::size_t(1));
        QVERIFY(p.people[0].tracks.empty());
        QVERIFY(p.layerOf(PersonId{1}));
        QCOMPARE(p.strokes.size(), std::size_t(edit == 2));
    }

    void tracksAreTidied() {
        const Project p =
            apply(sampleProject(),
                  {{PersonId{1}, {{90, 300}, {-5, 10}, {8, 20}, {20, 22}, {40, 40}}, 900}});
        QCOMPARE(p.people[0].tracks, (std::vector<FrameRange>{{0, 22}, {90, 100}}));
        QCOMPARE(p.people[0].portraitFrame, std::int64_t(99));
    }

    void peopleAreOrderedById() {
        const Project p = apply(sampleProject(),
                                {{PersonId{9}, {}, 0}, {PersonId{2}, {}, 0}, {PersonId{4}, {}, 0}});
        QCOMPARE(p.people[0].id, PersonId{2});
        QCOMPARE(p.people[1].id, PersonId{4});
        QCOMPARE(p.people[2].id, PersonId{9});
    }

    void listsWithMistakesAreRefused() {
        const std::vector<FoundPerson> twice{{PersonId{1}, {}, 0}, {PersonId{1}, {}, 0}};
        const std::vector<FoundPerson> unnumbered{{PersonId{0}, {}, 0}};
        QCOMPARE(applyPeople(sampleProject(), twice).error().code, ErrorCode::Usage);
        QCOMPARE(applyPeople(sampleProject(), unnumbered).error().code, ErrorCode::Usage);
        QCOMPARE(applyPeople({}, {}).error().code, ErrorCode::Usage);
    }

    void aPersonsColourIsItsLayers() {
        const Project p = must(setPersonColor(sampleProject(), PersonId{1}, {9, 8, 7}));
        QCOMPARE(p.layerOf(PersonId{1})->color, (LabelColor{9, 8, 7}));
    }
};

QTEST_GUILESS_MAIN(TestPeopleEdits)
#include "test_people_edits.moc"
