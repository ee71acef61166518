// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/thing.h"

#include <opencv2/imgproc.hpp>

#include <QtTest>

using namespace strata;

namespace {

constexpr int kRadius = 20;
const cv::Scalar kGround(90, 120, 140), kLeg(30, 128, 128), kBall(220, 128, 125);

/// A ball before a dark leg, as Lab levels.
struct Scene {
    cv::Mat lab{120, 160, CV_8UC3, kGround};
    cv::Mat human = cv::Mat::zeros(120, 160, CV_8U);
    cv::Mat ball = human.clone();

    explicit Scene(cv::Point middle) {
        const cv::Rect leg(70, 0, 20, 100);
        lab(leg).setTo(kLeg);
        human(leg).setTo(255);
        cv::circle(lab, middle, kRadius, kBall, cv::FILLED);
        cv::circle(ball, middle, kRadius, cv::Scalar(255), cv::FILLED);
        human |= ball; // the matte takes it along
    }
    Thing thing(const cv::Mat& mask) const { return thingsIn(mask, lab).at(0); }
};

double overlap(const Thing& thing, const cv::Mat& truth) {
    cv::Mat drawn = cv::Mat::zeros(truth.size(), CV_8U);
    draw(thing, drawn);
    return double(cv::countNonZero(drawn & truth)) / cv::countNonZero(drawn | truth);
}

} // namespace

class TestThing : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThingIsFoundAlongItsWay() {
        const Scene before({60, 40}), after({66, 52});
        Thing ball = before.thing(before.ball);
        ball.velocity = {5, 10};
        const auto there = carriedOn(ball, after.lab, after.human);
        QVERIFY(there);
        QVERIFY2(overlap(*there, after.ball) > 0.95,
                 qPrintable(QString::number(overlap(*there, after.ball))));
        QVERIFY(cv::norm(there->velocity - cv::Point2d(6, 12)) < 1);
    }

    void aThingThatIsGoneIsNotFound() {
        const Scene before({60, 40}), after({140, 100});
        QVERIFY(!carriedOn(before.thing(before.ball), after.lab, after.human));
    }

    void whatWasNotToldFromThePersonIsAdded() {
        // It comes back up further than its way lets expect, and a third of it is not found.
        const Scene before({66, 80}), after({72, 50});
        Thing ball = before.thing(before.ball);
        ball.velocity = {0, 12};
        cv::Mat seen = after.ball.clone();
        seen.rowRange(56, seen.rows).setTo(0);
        const Thing found = after.thing(seen);
        const Thing whole = completed(found, ball, after.lab, after.human);
        QVERIFY(overlap(found, after.ball) < 0.75);
        QVERIFY2(overlap(whole, after.ball) > 0.95,
                 qPrintable(QString::number(overlap(whole, after.ball))));
        QVERIFY(cv::norm(whole.centre - cv::Point2d(72, 50)) < 1.5);
        QCOMPARE(whole.area, double(cv::countNonZero(whole.mask)));
    }

    void whatIsHiddenNowIsNotAdded() {
        const Scene before({66, 50});
        Scene after({72, 50});
        const cv::Rect hand(50, 58, 50, 16);
        after.lab(hand).setTo(kLeg);
        cv::Mat seen = after.ball.clone();
        seen(hand).setTo(0);
        const Thing found = after.thing(seen);
        const Thing whole = completed(found, before.thing(before.ball), after.lab, after.human);
        QCOMPARE(whole.area, found.area);
    }

    void whatTheMatteDoesNotHoldIsNotAdded() {
        const Scene before({66, 50});
        Scene after({72, 50});
        after.human.setTo(0);
        cv::Mat seen = after.ball.clone();
        seen.rowRange(56, seen.rows).setTo(0);
        const Thing found = after.thing(seen);
        QCOMPARE(completed(found, before.thing(before.ball), after.lab, after.human).area,
                 found.area);
    }

    void anotherOutlineOfTheSameIsNoMissingPart() {
        const Scene before({66, 50}), after({72, 50});
        cv::Mat narrow;
        cv::erode(after.ball, narrow, cv::Mat());
        const Thing found = after.thing(narrow);
        QCOMPARE(completed(found, before.thing(before.ball), after.lab, after.human).area,
                 found.area);
    }

    void atThePicturesEdgeItStaysAsItWasFound() {
        const Scene before({30, 50}), after({4, 50});
        const Thing found = after.thing(after.ball);
        QCOMPARE(completed(found, before.thing(before.ball), after.lab, after.human).area,
                 found.area);
    }
};

QTEST_APPLESS_MAIN(TestThing)
#include "test_thing.moc"
