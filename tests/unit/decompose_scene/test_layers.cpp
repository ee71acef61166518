// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/layers.h"

#include "tests/unit/decompose_scene/synthetic_scene.h"

#include <QTest>

using namespace strata;
using namespace strata::test;

namespace {

constexpr int frames = 48;
constexpr int personX = 100;
constexpr int personY = 40;

double intersectionOverUnion(const cv::Mat& a, const cv::Mat& b) {
    const int both = cv::countNonZero(a & b);
    const int any = cv::countNonZero(a | b);
    return any ? double(both) / any : 1;
}

/// A person stands; a pale disc flies past in front of the legs and the matte takes it for the
/// person, or a post stands in front, or a ball of the trousers' colour comes to the leg, rests
/// there for seven frames and goes, and the matte takes it along all the time. Depth: floor rising
/// to the viewer, person at 0.4, post and disc at 0.6.
struct Stage {
    bool disc = false;
    bool post = false;
    bool ball = false;
    bool trailing = false; // behind the disc something of its colour, as far away as the wallpaper
    bool soft = false;     // the post's depth reaches over a strip of the leg beside it
    bool foot = false;     // the post is wide, and a foot beside it has its depth
    cv::Mat world = wallpaper(400, 300);
    CameraPath camera{std::vector<CameraStep>(frames)};

    static cv::Mat discMask(std::int64_t i) {
        cv::Mat mask = cv::Mat::zeros(sceneSize.height, sceneSize.width, CV_8U);
        const int x = 40 + int(i % 24) * 6;
        cv::circle(mask, {x, 108}, 9, cv::Scalar(255), cv::FILLED);
        return mask;
    }
    static cv::Mat ballMask(std::int64_t i) {
        cv::Mat mask = cv::Mat::zeros(sceneSize.height, sceneSize.width, CV_8U);
        cv::circle(mask, ballAt(i), 8, cv::Scalar(255), cv::FILLED);
        return mask;
    }
    static cv::Point ballAt(std::int64_t i) {
        return {131 + 5 * std::max(0, std::abs(int(i) - 24) - 3), 110};
    }
    static cv::Mat trailMask(std::int64_t i) {
        cv::Mat mask = cv::Mat::zeros(sceneSize.height, sceneSize.width, CV_8U);
        cv::rectangle(mask, {40 + int(i % 24) * 6 - 24, 103, 22, 10}, cv::Scalar(255), cv::FILLED);
        return mask & ~discMask(i);
    }
    static cv::Mat softMask() {
        cv::Mat mask = cv::Mat::zeros(sceneSize.height, sceneSize.width, CV_8U);
        cv::rectangle(mask, {117, 92, 6, 34}, cv::Scalar(255), cv::FILLED);
        return mask;
    }
    cv::Mat postMask() const {
        cv::Mat mask = cv::Mat::zeros(sceneSize.height, sceneSize.width, CV_8U);
        cv::rectangle(mask, {108, 20, foot ? 16 : 9, 110}, cv::Scalar(255), cv::FILLED);
        return mask;
    }
    static cv::Mat footMask() {
        cv::Mat mask = cv::Mat::zeros(sceneSize.height, sceneSize.width, CV_8U);
        cv::rectangle(mask, {124, 112, 5, 16}, cv::Scalar(255), cv::FILLED);
        return mask;
    }
    cv::Mat draw(std::int64_t i, cv::Mat& human) const {
        cv::Mat rgb = look(world, 60, 60);
        human = drawPerson(rgb, personX, personY);
        if (post) {
            rgb.setTo(cv::Scalar(120, 90, 20), postMask());
            human.setTo(0, postMask());
        }
        if (foot) {
            rgb.setTo(cv::Scalar(30, 30, 34), footMask());
            human |= footMask();
        }
        if (ball) {
            rgb.setTo(cv::Scalar(34, 32, 36), ballMask(i));
            cv::circle(rgb, ballAt(i), 3, cv::Scalar(70, 70, 80), cv::FILLED);
            human |= ballMask(i);
        }
        if (disc)
            rgb.setTo(cv::Scalar(235, 235, 230), discMask(i));
        if (trailing)
            rgb.setTo(cv::Scalar(235, 235, 230), trailMask(i));
        return rgb;
    }
    MadeFrames<std::uint8_t> rgb{frames, sceneSize, [this](std::int64_t i) {
                                     cv::Mat human;
                                     return colorImage(draw(i, human));
                                 }};
    MadeFrames<std::uint8_t> human{frames, sceneSize, [this](std::int64_t i) {
                                       cv::Mat human;
                                       draw(i, human);
                                       return maskImage(human);
                                   }};
    MadeFrames<std::uint8_t> body{frames, sceneSize, [](std::int64_t) {
                                      cv::Mat rgb(sceneSize.height, sceneSize.width, CV_8UC3);
                                      return maskImage(drawPerson(rgb, personX, personY));
                                  }};
    MadeFrames<std::uint16_t> depth{frames, sceneSize, [this](std::int64_t i) {
                                        cv::Mat d(sceneSize.height, sceneSize.width, CV_32F);
                                        for (int y = 0; y < d.rows; ++y)
                                            d.row(y).setTo(0.1 + (y > 70 ? 0.005 * (y - 70) : 0.0));
                                        cv::Mat rgb(d.size(), CV_8UC3);
                                        d.setTo(0.4, drawPerson(rgb, personX, personY));
                                        if (post)
                                            d.setTo(0.6, postMask());
                                        if (foot)
                                            d.setTo(0.6, footMask());
                                        if (soft)
                                            d.setTo(0.6, softMask());
                                        if (disc)
                                            d.setTo(0.6, discMask(i));
                                        if (trailing)
                                            d.setTo(0.1, trailMask(i));
                                        ImageU16 image(d.cols, d.rows, 1);
                                        d.convertTo(view(image), CV_16U, 65535);
                                        return image;
                                    }};
    LayerInputs inputs() {
        LayerInputs in;
        in.rgb = &rgb;
        in.human = &human;
        in.silhouette = &body;
        in.camera = &camera;
        return in;
    }
    LayerInputs inputsWithDepth() {
        LayerInputs in = inputs();
        in.depth = &depth;
        return in;
    }
};

} // namespace

class TestLayers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThingFlyingPastTheLegsIsInFront() {
        Stage stage;
        stage.disc = true;
        auto splitter = LayerSplitter::create(stage.inputs());
        QVERIFY(splitter);
        for (int i = 9; i < 14; ++i) { // the disc is over the legs
            const auto layers = splitter->split(i, {});
            QVERIFY(layers);
            const double iou =
                intersectionOverUnion(view(layers->occluder) > 127, Stage::discMask(i));
            QVERIFY2(iou > 0.7, qPrintable(QString("frame %1: %2").arg(i).arg(iou)));
        }
    }

    void aBallThatTheMatteTakesAlongIsFollowedToTheLeg() {
        Stage stage;
        stage.ball = true;
        auto splitter = LayerSplitter::create(stage.inputs());
        QVERIFY(splitter);
        for (int i = 15; i < 34; ++i) {
            const auto layers = splitter->split(i, {});
            QVERIFY(layers);
            const double iou =
                intersectionOverUnion(view(layers->occluder) > 127, Stage::ballMask(i));
            QVERIFY2(iou > 0.8, qPrintable(QString("frame %1: %2").arg(i).arg(iou)));
        }
    }

    void aNearerPostIsInFrontAndTheFloorIsNot() {
        Stage stage;
        stage.post = true;
        auto splitter = LayerSplitter::create(stage.inputsWithDepth());
        QVERIFY(splitter);
        const auto layers = splitter->split(20, {});
        QVERIFY(layers);
        const double iou = intersectionOverUnion(view(layers->occluder) > 127, stage.postMask());
        QVERIFY2(iou > 0.75, qPrintable(QString::number(iou)));
        QVERIFY(cv::countNonZero(view(layers->occluder).rowRange(140, 160)) == 0);
    }

    void whatTouchesANearThingIsNotNearForThat() {
        Stage stage;
        stage.disc = stage.trailing = true;
        auto splitter = LayerSplitter::create(stage.inputsWithDepth());
        QVERIFY(splitter);
        for (int i = 12; i < 15; ++i) {
            const auto layers = splitter->split(i, {});
            QVERIFY(layers);
            const cv::Mat occluder = view(layers->occluder) > 127;
            const cv::Mat disc = Stage::discMask(i), trail = Stage::trailMask(i);
            QVERIFY(cv::countNonZero(occluder & disc) > 0.8 * cv::countNonZero(disc));
            const double wrong = double(cv::countNonZero(occluder & trail));
            QVERIFY2(wrong < 0.3 * cv::countNonZero(trail), qPrintable(QString::number(wrong)));
        }
    }

    void besideAThingThePersonIsKept_data() {
        QTest::addColumn<bool>("foot");
        QTest::addColumn<double>("least"); // of the part
        QTest::newRow("depth that swells over a leg does not take it") << false << 0.8;
        QTest::newRow("a foot that comes out beside a thing is the person's") << true << 0.7;
    }
    void besideAThingThePersonIsKept() {
        QFETCH(bool, foot);
        QFETCH(double, least);
        Stage stage;
        stage.post = true;
        stage.foot = foot;
        stage.soft = !foot;
        auto splitter = LayerSplitter::create(stage.inputsWithDepth());
        QVERIFY(splitter);
        const auto layers = splitter->split(20, {});
        QVERIFY(layers);
        const cv::Mat part = foot ? Stage::footMask() : Stage::softMask();
        const double kept = cv::countNonZero((view(layers->human) > 127) & part);
        QVERIFY2(kept > least * cv::countNonZero(part), qPrintable(QString::number(kept)));
        const double iou = intersectionOverUnion(view(layers->occluder) > 127, stage.postMask());
        QVERIFY2(iou > 0.75, qPrintable(QString::number(iou)));
    }

    void nothingInFrontGivesAnEmptyLayer() {
        Stage stage;
        auto splitter = LayerSplitter::create(stage.inputsWithDepth());
        QVERIFY(splitter);
        const auto layers = splitter->split(20, {});
        QVERIFY(layers);
        QVERIFY(cv::countNonZero(view(layers->occluder) > 127) < 8);
        QVERIFY(cv::countNonZero(view(layers->human) > 127) > 1500);
    }

    void personAndOccluderShareNoPixel() {
        Stage stage;
        stage.disc = true;
        auto splitter = LayerSplitter::create(stage.inputs());
        QVERIFY(splitter);
        const auto layers = splitter->split(11, {});
        QVERIFY(layers);
        for (std::size_t i = 0; i < layers->human.count(); ++i)
            QVERIFY(layers->human.data()[i] + layers->occluder.data()[i] <= 255);
    }

    void theOrderOfAskingDoesNotMatter() {
        Stage stage;
        stage.disc = true;
        auto rising = LayerSplitter::create(stage.inputs());
        QVERIFY(rising);
        std::vector<ImageU8> seen;
        for (int i = 20; i < 28; ++i)
            seen.push_back((*rising->split(i, {})).occluder);
        auto falling = LayerSplitter::create(stage.inputs());
        QVERIFY(falling);
        for (int i = 27; i >= 20; --i)
            QVERIFY((*falling->split(i, {})).occluder == seen[std::size_t(i - 20)]);
    }

    void inputsOfDifferentLengthAreRefused() {
        Stage stage;
        const CameraPath shorter(std::vector<CameraStep>(frames - 1));
        auto inputs = stage.inputs();
        inputs.camera = &shorter;
        QVERIFY(!LayerSplitter::create(inputs));
        QVERIFY(!LayerSplitter::create({}));
        auto splitter = LayerSplitter::create(stage.inputs());
        QVERIFY(splitter);
        QVERIFY(!splitter->split(frames, {}));
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "test_layers.moc"
