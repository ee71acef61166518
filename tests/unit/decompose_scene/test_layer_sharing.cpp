// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/layer_sharing.h"

#include "engine/decompose/scene/cv_view.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

using namespace strata;

namespace {

constexpr int kWidth = 854, kHeight = 480;
const cv::Rect kPerson(400, 80, 100, 330);

/// A person in blue before a grey wall, and a thing in brown that the picture shows at `shown`.
struct Picture {
    ImageU8 rgb{kWidth, kHeight, 3};
    cv::Mat person = cv::Mat::zeros(kHeight, kWidth, CV_8U);
    cv::Mat thing = cv::Mat::zeros(kHeight, kWidth, CV_8U);

    explicit Picture(const cv::Rect& shown) {
        cv::Mat picture = view(rgb);
        picture.setTo(cv::Scalar(150, 150, 150));
        picture(kPerson).setTo(cv::Scalar(40, 60, 150));
        picture(shown).setTo(cv::Scalar(150, 90, 60));
    }
    double personAt(const cv::Rect& place) const { return cv::mean(person(place))[0]; }
    double thingAt(const cv::Rect& place) const { return cv::mean(thing(place))[0]; }
};

} // namespace

class TestLayerSharing : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSwollenRimIsThePersons() {
        const cv::Rect post(380, 0, 50, kHeight);
        Picture p(post);
        p.person(kPerson).setTo(255);
        p.person(post).setTo(0); // the matte ends at the post, as it should
        p.thing(cv::Rect(380, 0, 66, kHeight)).setTo(255); // which the depth has 16 px too wide
        shareBetween(p.person, p.thing, p.rgb);
        const cv::Rect strip(431, 100, 14, 290);
        QVERIFY(p.personAt(strip) > 250 && p.thingAt(strip) < 5);
        QVERIFY(p.thingAt({381, 1, 48, 400}) > 250);
    }

    void aMatteThatRunsOverThePostIsCutThere() {
        const cv::Rect post(380, 0, 50, kHeight);
        Picture p(post);
        p.person(kPerson).setTo(255); // over the post too: there the picture shows no edge
        p.thing(post).setTo(255);
        shareBetween(p.person, p.thing, p.rgb);
        const cv::Rect over(404, 100, 22, 290);
        QVERIFY(p.thingAt(over) > 250 && p.personAt(over) < 5);
    }

    void aPostAcrossThePersonIsInFront() {
        const cv::Rect post(440, 0, 20, kHeight);
        Picture p(post);
        p.person(kPerson).setTo(255);
        p.thing(post).setTo(255);
        shareBetween(p.person, p.thing, p.rgb);
        QVERIFY(p.thingAt({442, 100, 16, 290}) > 250 && p.personAt({442, 100, 16, 290}) < 5);
        QVERIFY(p.personAt({405, 100, 28, 290}) > 250);
    }

    void aBarAcrossALegIsInFront() {
        const cv::Rect bar(300, 300, 300, 14);
        Picture p(bar);
        const cv::Rect leg(430, 250, 34, 160);
        p.person(leg).setTo(255);
        p.thing(bar).setTo(255);
        shareBetween(p.person, p.thing, p.rgb);
        QVERIFY(p.thingAt({432, 302, 30, 10}) > 250 && p.personAt({432, 302, 30, 10}) < 5);
    }

    void aBallBesideThePersonStaysTheBall() {
        const cv::Point middle(560, 250);
        Picture p({});
        p.person(kPerson).setTo(255);
        cv::circle(p.person, middle, 22, cv::Scalar(255), cv::FILLED); // held by the matte …
        p.person(cv::Rect(530, 220, 16, 60)).setTo(0);                 // … but for one side
        cv::circle(p.thing, middle, 22, cv::Scalar(255), cv::FILLED);
        shareBetween(p.person, p.thing, p.rgb);
        QVERIFY(p.thingAt({550, 240, 24, 20}) > 250 && p.personAt({550, 240, 24, 20}) < 5);
    }

    void aBallThatTheMatteHoldsInPartIsTheBall() {
        const cv::Point middle(560, 250);
        Picture p({});
        p.person(kPerson).setTo(255);
        cv::circle(p.person, middle, 22, cv::Scalar(255), cv::FILLED);
        const cv::Point mark(544, 250); // dark on the ball, and not in the matte
        cv::circle(p.person, mark, 16, cv::Scalar(0), cv::FILLED);
        cv::circle(view(p.rgb), mark, 16, cv::Scalar(60, 60, 60), cv::FILLED);
        cv::circle(p.thing, middle, 20, cv::Scalar(255), cv::FILLED);
        shareBetween(p.person, p.thing, p.rgb);
        QVERIFY(p.thingAt({563, 242, 12, 16}) > 250 && p.personAt({563, 242, 12, 16}) < 5);
    }

    void aBallAtAFootOfItsColourIsInFront() {
        // Its edge is seen round it, but not where it hides the leg.
        const cv::Rect leg(430, 250, 30, 160);
        const cv::Point middle(440, 370);
        Picture p({});
        view(p.rgb)(leg).setTo(cv::Scalar(225, 225, 230));
        cv::circle(view(p.rgb), middle, 23, cv::Scalar(230, 230, 235), cv::FILLED);
        p.person(leg).setTo(255);
        cv::circle(p.person, middle, 22, cv::Scalar(255), cv::FILLED);
        cv::circle(p.thing, middle, 23, cv::Scalar(255), cv::FILLED);
        shareBetween(p.person, p.thing, p.rgb);
        QVERIFY(p.thingAt({428, 358, 24, 24}) > 250 && p.personAt({428, 358, 24, 24}) < 5);
        QVERIFY(p.personAt({434, 260, 22, 70}) > 250);
    }

    void theyNeverAddUpToMoreThanAll() {
        const cv::Rect post(380, 0, 50, kHeight);
        Picture p(post);
        p.person(kPerson).setTo(200);
        p.thing(cv::Rect(380, 0, 66, kHeight)).setTo(180);
        shareBetween(p.person, p.thing, p.rgb);
        cv::Mat sum;
        cv::add(p.person, p.thing, sum, {}, CV_16U);
        double most = 0;
        cv::minMaxLoc(sum, nullptr, &most);
        QVERIFY(most <= 255);
    }

    void theFarSideOfABallIsTheBalls() {
        Picture p({});
        p.person(kPerson).setTo(255);
        const cv::Mat body = p.person.clone();
        cv::circle(p.person, {560, 200}, 14, cv::Scalar(255), cv::FILLED);
        cv::rectangle(p.thing, {546, 186, 18, 28}, cv::Scalar(255), cv::FILLED);
        p.person.setTo(0, p.thing);
        giveScraps(p.person, p.thing, body);
        QVERIFY(p.personAt({566, 195, 6, 10}) < 5 && p.thingAt({566, 195, 6, 10}) > 250);
        QVERIFY(p.personAt(kPerson) > 254);
    }

    void aShoeBelowABallIsNotTheBalls() {
        Picture p({});
        p.person(kPerson).setTo(255);
        const cv::Mat body = p.person.clone(); // the foot is fitted elsewhere
        cv::circle(p.thing, {560, 200}, 22, cv::Scalar(255), cv::FILLED);
        p.person(cv::Rect(548, 222, 24, 18)).setTo(255);
        p.person.setTo(0, p.thing);
        giveScraps(p.person, p.thing, body);
        QVERIFY(p.personAt({552, 228, 16, 10}) > 250 && p.thingAt({552, 228, 16, 10}) < 5);
    }
};

QTEST_APPLESS_MAIN(TestLayerSharing)
#include "test_layer_sharing.moc"
