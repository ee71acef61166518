// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/space_sheets.h"

#include <QTest>

#include <cmath>

using namespace strata;
using namespace strata::ui;

class TestSpaceSheets : public QObject {
    Q_OBJECT
    static constexpr Size kSize{160, 90};

    /// A far wall, a person in the middle and a thing in front at the left.
    static FrameLayers frame(bool withBody) {
        FrameLayers made;
        made.fullSize = kSize;
        made.source = std::make_shared<ImageU8>(kSize.width, kSize.height, 3);
        auto human = std::make_shared<ImageU8>(kSize.width, kSize.height, 1);
        auto occluder = std::make_shared<ImageU8>(kSize.width, kSize.height, 1);
        auto depth = std::make_shared<ImageU16>(kSize.width, kSize.height, 1,
                                                std::uint16_t(65535 * kDepthFar));
        for (int y = 20; y < 80; ++y)
            for (int x = 0; x < kSize.width; ++x) {
                const bool person = x >= 70 && x < 90, thing = x < 30;
                if (person)
                    human->at(x, y) = 255;
                if (thing)
                    occluder->at(x, y) = 255;
                if (person || thing)
                    depth->at(x, y) = std::uint16_t(
                        65535 * (kDepthFar + (kDepthNear - kDepthFar) * (person ? 0.5f : 0.8f)));
            }
        made.human = human;
        made.occluder = occluder;
        made.depth = depth;
        if (withBody) {
            auto body = std::make_shared<BodyFrame>();
            body->camera.size = kSize;
            body->camera.fx = body->camera.fy = 150;
            body->camera.cx = 80;
            body->camera.cy = 45;
            body->joints.fill({0, 0, 3});
            made.body = body;
        }
        return made;
    }

private Q_SLOTS:
    void thePersonIsWhereTheBodyIs() {
        const SpaceSheets sheets = spaceSheets(frame(true), kSize);
        QCOMPARE(sheets.target.z, 3.f);
        QVERIFY(std::abs(sheets.human.at(80, 50) - 3.f) < 0.05f);
        QVERIFY(sheets.occluder.at(10, 50) < 2.6f);
        QVERIFY(sheets.scene.at(120, 50) > 6.f);
    }

    void theSceneGoesOnBehindThePerson() {
        const SpaceSheets sheets = spaceSheets(frame(true), kSize);
        for (int x = 60; x < 100; ++x)
            QVERIFY(sheets.scene.at(x, 50) > 6.f);
        for (std::size_t i = 0; i < sheets.scene.count(); ++i)
            QVERIFY(std::isfinite(sheets.scene.data()[i]));
    }

    void withoutABodyTheOrderIsTheSame() {
        const SpaceSheets sheets = spaceSheets(frame(false), kSize);
        QVERIFY(sheets.occluderZ < sheets.humanZ);
        QVERIFY(sheets.humanZ < sheets.sceneZ);
    }

    void withoutDepthTheSheetsAreFlat() {
        FrameLayers flat = frame(true);
        flat.depth.reset();
        const SpaceSheets sheets = spaceSheets(flat, kSize);
        QCOMPARE(sheets.human.at(80, 50), 3.f);
        QCOMPARE(sheets.scene.at(0, 0), sheets.scene.at(159, 89));
    }

    void aLayerThatIsNotThereHasNoSheet() {
        FrameLayers bare = frame(false);
        bare.occluder.reset();
        bare.human.reset();
        const SpaceSheets sheets = spaceSheets(bare, kSize);
        QVERIFY(sheets.occluder.empty() && sheets.human.empty());
        QVERIFY(!sheets.scene.empty());
    }
};

QTEST_GUILESS_MAIN(TestSpaceSheets)
#include "test_space_sheets.moc"
