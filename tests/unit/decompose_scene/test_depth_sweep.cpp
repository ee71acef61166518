// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/depth_sweep.h"
#include "engine/decompose/scene/level_paths.h"
#include "engine/decompose/scene/parallax_model.h"
#include "tests/unit/decompose_scene/synthetic_scene.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace strata;
using namespace strata::test;

namespace {

constexpr int side = 96;
constexpr float wallNearness = 2; // of the lower half; the upper half is at 0

float nearnessAt(double y) { return y < side / 2 ? 0.f : wallNearness; }

/// A wall in front of a house, seen by a camera that moved `shift` pixels per nearness.
cv::Mat seenFrom(const cv::Mat& world, float shift) {
    cv::Mat positions(side, side, CV_32FC2), result;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            positions.at<cv::Vec2f>(y, x) = {80.f + float(x) - nearnessAt(y) * shift,
                                             20.f + float(y)};
    cv::remap(world, result, positions, {}, cv::INTER_CUBIC);
    return result;
}

/// A square hole in the middle that every other frame shows.
SweepTask wallAndHouse() {
    const cv::Mat world = wallpaper(300, 200);
    SweepTask task;
    for (const float shift : {-4.f, 4.f, -8.f, 8.f}) {
        SweepFrame frame;
        frame.rgb = seenFrom(world, shift);
        frame.valid = cv::Mat(side, side, CV_8U, cv::Scalar(255));
        frame.base.create(side, side, CV_32FC2);
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x)
                frame.base.at<cv::Vec2f>(y, x) = {float(x), float(y)};
        frame.step = cv::Mat(side, side, CV_32FC2, cv::Scalar(double(shift), 0));
        task.frames.push_back(frame);
    }
    for (int i = 0; i <= 24; ++i)
        task.levels.push_back(-0.5f + float(i) / 8);
    task.own = seenFrom(world, 0);
    task.wanted = cv::Mat::zeros(side, side, CV_8U);
    task.wanted(cv::Rect(36, 24, 24, 48)).setTo(255);
    task.ownValid = 255 - task.wanted;
    task.own.setTo(cv::Scalar(0, 0, 255), task.wanted);
    return task;
}

double psnr(const cv::Mat& a, const cv::Mat& b, const cv::Mat& mask) {
    return 10 * std::log10(65025.0 * 3 * cv::countNonZero(mask) /
                           std::max(1e-9, cv::norm(a, b, cv::NORM_L2SQR, mask)));
}

} // namespace

class TestDepthSweep : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void two_depths_behind_one_hole_are_both_found() {
        const auto task = wallAndHouse();
        const auto view = sweep(task);
        const cv::Mat truth = seenFrom(wallpaper(300, 200), 0);
        QCOMPARE(cv::countNonZero((view.count == 0) & task.wanted), 0);
        const double quality = psnr(view.rgb, truth, task.wanted);
        QVERIFY2(quality > 28, qPrintable(QString::number(quality)));
    }

    void a_frame_where_something_is_in_the_way_does_not_spoil_the_colours() {
        auto task = wallAndHouse();
        task.frames[1].rgb.colRange(20, 70).setTo(cv::Scalar(255, 0, 0)); // not known to its mask
        const auto view = sweep(task);
        const double quality = psnr(view.rgb, seenFrom(wallpaper(300, 200), 0), task.wanted);
        QVERIFY2(quality > 24, qPrintable(QString::number(quality)));
    }

    void frames_from_close_by_count_most() {
        // Two levels, neither of them right: all that can be done is to keep the shift small.
        auto task = wallAndHouse();
        task.levels = {0.9f, 1.1f};
        const cv::Mat truth = seenFrom(wallpaper(300, 200), 0);
        const double all = psnr(sweep(task).rgb, truth, task.wanted);
        for (std::size_t k = 0; k < 2; ++k) { // nearly from where the target was taken
            auto& frame = task.frames[k];
            const float shift = k ? 0.4f : -0.4f;
            frame.rgb = seenFrom(wallpaper(300, 200), shift);
            frame.step.setTo(cv::Scalar(double(shift), 0));
        }
        for (std::size_t k = 2; k < 4; ++k) {
            auto& frame = task.frames[k];
            const float shift = k == 3 ? 80.f : -80.f;
            frame.rgb = seenFrom(wallpaper(300, 200), shift);
            frame.step.setTo(cv::Scalar(double(shift), 0));
        }
        const double near = psnr(sweep(task).rgb, truth, task.wanted);
        QVERIFY2(near > all + 3, qPrintable(QString("%1 and %2 dB").arg(near).arg(all)));
    }

    void what_is_hidden_in_every_frame_explains_nothing() {
        // A post in front, known to the masks, and frames with much grain: at the post's nearness
        // no frame can disagree with another.
        auto task = wallAndHouse();
        for (int i = 1; i <= 32; ++i)
            task.levels.push_back(2.5f + float(i) / 8);
        cv::RNG random(5);
        for (auto& frame : task.frames) {
            const float shift = frame.step.at<cv::Vec2f>(0, 0)[0];
            frame.valid.colRange(std::clamp(int(34 + 5 * shift), 0, side),
                                 std::clamp(int(62 + 5 * shift), 0, side)) = 0;
            cv::Mat grain(side, side, CV_8SC3), grown;
            random.fill(grain, cv::RNG::UNIFORM, -10, 11);
            cv::add(frame.rgb, grain, grown, cv::noArray(), CV_8U);
            frame.rgb = grown;
        }
        const auto view = sweep(task);
        QCOMPARE(cv::countNonZero((view.count == 0) & task.wanted), 0);
        const double quality = psnr(view.rgb, seenFrom(wallpaper(300, 200), 0), task.wanted);
        QVERIFY2(quality > 20, qPrintable(QString::number(quality)));
    }

    void what_no_frame_shows_is_reported() {
        auto task = wallAndHouse();
        for (auto& frame : task.frames)
            frame.valid.setTo(0);
        QCOMPARE(cv::countNonZero(sweep(task).count), 0);
    }

    void outside_what_is_wanted_nothing_changes() {
        const auto task = wallAndHouse();
        const auto view = sweep(task);
        QCOMPARE(cv::norm(view.rgb, task.own, cv::NORM_INF, task.wanted == 0), 0.0);
    }

    void paths_carry_a_level_over_places_that_say_nothing() {
        LevelCosts costs({20, 9}, 5);
        for (int y = 0; y < 9; ++y)
            for (int x = 0; x < 20; ++x)
                for (int l = 0; l < 5; ++l)
                    costs.at(x, y)[l] = x > 4 && x < 15 ? 10 : l == (x < 10 ? 1 : 3) ? 0 : 60;
        const auto levels = cheapestLevels(costs, 4, 20);
        for (int y = 0; y < 9; ++y) {
            QCOMPARE(int(std::lround(levels.at<float>(y, 2))), 1);
            QCOMPARE(int(std::lround(levels.at<float>(y, 17))), 3);
            const float middle = levels.at<float>(y, 7);
            QVERIFY(middle > 0.5f && middle < 3.5f);
        }
    }

    void motion_of_a_further_frame_is_fitted_from_what_is_expected() {
        PointTracks tracks;
        std::vector<float> depth;
        cv::RNG random(3);
        for (int i = 0; i < 120; ++i) {
            tracks.points.emplace_back(random.uniform(0.f, 400.f), random.uniform(0.f, 300.f));
            depth.push_back(i % 3 ? 1.f : -2.f);
        }
        const auto seenAfter = [&](float frames) {
            std::vector<cv::Point2f> residual;
            for (std::size_t i = 0; i < depth.size(); ++i)
                residual.emplace_back(depth[i] * frames * 0.5f + 0.1f * frames, 0.2f * frames);
            return residual;
        };
        tracks.residual = {seenAfter(4), seenAfter(8)};
        auto model = ParallaxModel::fit(tracks);
        QVERIFY(!model.isEmpty());
        model.expect(0, 1, 3); // frame 16: 4 + 3 * (8 - 4)
        const auto expected = seenAfter(16);
        for (std::size_t i = 0; i < depth.size(); ++i)
            QVERIFY(cv::norm(model.residual(2, tracks.points[i], model.nearness()[i]) -
                             expected[i]) < 0.5);
        auto measured = expected;
        for (std::size_t i = 0; i < measured.size(); i += 7)
            measured[i] = {30, -20}; // followed wrongly
        tracks.residual.push_back(measured);
        model.fitLast(tracks);
        model.refine(tracks);
        QVERIFY(model.knows(2));
        for (std::size_t i = 0; i < depth.size(); ++i) {
            const double off =
                cv::norm(model.residual(2, tracks.points[i], model.nearness()[i]) - expected[i]);
            QVERIFY2(off < 0.3, qPrintable(QString("point %1 is %2 pixels off").arg(i).arg(off)));
        }
    }
};

QTEST_GUILESS_MAIN(TestDepthSweep)
#include "test_depth_sweep.moc"
