// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/thing_look.h"

#include "tests/unit/decompose_scene/synthetic_scene.h"

#include <QTest>

using namespace strata;
using namespace strata::test;

namespace {

/// A picture of one pale disc on the wallpaper, in Lab, and the disc as a thing.
struct Disc {
    cv::Mat lab, mask;
    Thing thing;

    explicit Disc(cv::Point at) {
        cv::Mat rgb = look(wallpaper(400, 300), 60, 60) * 0.6;
        mask = cv::Mat::zeros(rgb.size(), CV_8U);
        cv::circle(mask, at, 9, cv::Scalar(255), cv::FILLED);
        rgb.setTo(cv::Scalar(235, 235, 230), mask);
        cv::cvtColor(rgb, lab, cv::COLOR_RGB2Lab);
        thing = thingsIn(mask, lab, cv::Mat::zeros(rgb.size(), CV_8U))[0];
    }
};

} // namespace

class TestThingLook : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyTheThingIsLikeIt() {
        const Disc learnt({70, 60}), asked({150, 100});
        ThingLook look;
        look.learn(learnt.thing, learnt.lab);
        const cv::Mat like = look.likeness(asked.lab);
        QVERIFY(cv::mean(like, asked.mask)[0] > 0.8);
        QVERIFY(cv::mean(like, ~asked.mask)[0] < 0.05);
    }

    void theShapeFitsBestWhereTheThingIs() {
        const Disc learnt({70, 60}), asked({150, 100});
        ThingLook look;
        look.learn(learnt.thing, learnt.lab);
        double best = 0;
        cv::Point at;
        cv::minMaxLoc(fitOf(learnt.thing.mask, look.likeness(asked.lab)), nullptr, &best, nullptr,
                      &at);
        QVERIFY(cv::norm(at - cv::Point(150, 100)) < 2);
        QVERIFY(best > 0.7 && best <= 1.0001);
    }

    void nothingLearntIsLikeNothing() {
        const Disc asked({150, 100});
        QCOMPARE(cv::countNonZero(ThingLook().likeness(asked.lab)), 0);
    }
};

QTEST_GUILESS_MAIN(TestThingLook)
#include "test_thing_look.moc"
