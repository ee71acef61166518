// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/thing_bridge.h"

#include "tests/unit/decompose_scene/synthetic_scene.h"

#include <QTest>

#include <cmath>

using namespace strata;
using namespace strata::test;

namespace {

using Around = std::vector<std::shared_ptr<const LayerEvidence>>;

constexpr int frames = 26;
constexpr int lostFrom = 9, lostTo = 16; // the frames in which the ball is not told from the shoe
constexpr int radius = 8;
const cv::Scalar pale(235, 235, 230);

/// A pale ball falls onto a pale shoe, lies on it while both rise, and is thrown back.
struct Juggle {
    bool person = false;    // stands right beside the ball in all frames
    bool covered = false;   // trousers hide the ball in all lost frames
    bool otherBall = false; // what flies off is dark

    static cv::Point ballAt(int i) {
        if (i < lostFrom)
            return {100 + 2 * (i - lostFrom), 70 + 6 * (i - lostFrom)};
        if (i <= lostTo)
            return {100, 70 - 3 * (i - lostFrom)};
        return {100 - 4 * (i - lostTo), 49 - 5 * (i - lostTo)};
    }
    static cv::Mat ballMask(int i) {
        cv::Mat mask = cv::Mat::zeros(sceneSize.height, sceneSize.width, CV_8U);
        cv::circle(mask, ballAt(i), radius, cv::Scalar(255), cv::FILLED);
        return mask;
    }
    cv::Mat draw(int i) const {
        static const cv::Mat world = wallpaper(400, 300);
        cv::Mat rgb = look(world, 60, 60) * 0.6;
        const bool lost = i >= lostFrom && i <= lostTo;
        rgb.setTo(otherBall && i > lostTo ? cv::Scalar(60, 30, 120) : pale, ballMask(i));
        if (lost)
            cv::rectangle(rgb, {ballAt(i).x - 16, ballAt(i).y + radius - 2, 30, 8}, pale,
                          cv::FILLED);
        if (lost && covered)
            cv::rectangle(rgb, {84, 20, 32, 90}, cv::Scalar(30, 30, 34), cv::FILLED);
        return rgb;
    }
    Around around() const {
        Around all;
        for (int i = 0; i < frames; ++i) {
            auto evidence = std::make_shared<LayerEvidence>();
            evidence->index = i;
            cv::cvtColor(draw(i), evidence->lab, cv::COLOR_RGB2Lab);
            evidence->bodyArea = 4000;
            const cv::Mat human(evidence->lab.size(), CV_8U, cv::Scalar(person ? 255 : 0));
            if (i < lostFrom || i > lostTo)
                evidence->things = thingsIn(ballMask(i), evidence->lab, human);
            all.push_back(std::move(evidence));
        }
        return all;
    }
};

double overlap(const Thing& thing, const cv::Mat& truth) {
    cv::Mat mask = cv::Mat::zeros(truth.size(), CV_8U);
    draw(thing, mask);
    return double(cv::countNonZero(mask & truth)) / cv::countNonZero(mask | truth);
}

} // namespace

class TestThingBridge : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBallOnAShoeOfItsColourIsFound() {
        const auto around = Juggle().around();
        for (int i = lostFrom; i <= lostTo; ++i) {
            const auto things = bridgedThings(around, std::size_t(i));
            QCOMPARE(things.size(), std::size_t(1));
            const double found = overlap(things[0], Juggle::ballMask(i));
            QVERIFY2(found > 0.75, qPrintable(QString("frame %1: %2").arg(i).arg(found)));
        }
    }

    void whatIsSeenAloneNeedsNoBridge() {
        const auto around = Juggle().around();
        for (const int i : {0, lostFrom - 1, lostTo + 1, frames - 1})
            QVERIFY(bridgedThings(around, std::size_t(i)).empty());
    }

    void twoSightsOfDifferentThingsAreNotJoined() {
        Juggle juggle;
        juggle.otherBall = true;
        QVERIFY(bridgedThings(juggle.around(), 12).empty());
    }

    void whatGoesBehindThePersonIsNotBroughtInFront() {
        Juggle juggle;
        juggle.covered = true;
        QVERIFY(bridgedThings(juggle.around(), 12).empty());
    }

    void aPartOfThePersonIsNotFollowed() {
        Juggle juggle;
        juggle.person = true;
        QVERIFY(bridgedThings(juggle.around(), 12).empty());
    }

    void oneSightIsNotEnough() {
        auto around = Juggle().around();
        around.resize(lostTo + 2);
        QVERIFY(bridgedThings(around, 12).empty());
    }
};

QTEST_GUILESS_MAIN(TestThingBridge)
#include "test_thing_bridge.moc"
