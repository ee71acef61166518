// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/level_support.h"
#include "engine/decompose/scene/parallax_model.h"
#include "engine/decompose/scene/source_stereo.h"
#include "tests/unit/decompose_scene/synthetic_scene.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace strata;
using namespace strata::test;

namespace {

constexpr int side = 96;
const cv::Rect post(40, 20, 12, 60); // nearer than the wall behind it
constexpr float postNearness = 2;

/// A post in front of a wall, seen by a camera that moved `shift` pixels per nearness.
cv::Mat seenFrom(float shift) {
    const cv::Mat world = wallpaper(300, 200);
    cv::Mat result = world(cv::Rect(80, 20, side, side)).clone();
    const cv::Rect there(post.x + int(std::lround(postNearness * shift)), post.y, post.width,
                         post.height);
    world(cv::Rect(10, 100, post.width, post.height)).copyTo(result(there));
    return result;
}

StereoTask postAndWall() {
    StereoTask task;
    task.rgb = seenFrom(0);
    task.valid = cv::Mat(side, side, CV_8U, cv::Scalar(255));
    task.region = {8, 8, side - 16, side - 16};
    for (const float shift : {-3.f, -2.f, 2.f, 3.f}) {
        StereoFrame frame;
        frame.rgb = seenFrom(shift);
        frame.valid = task.valid;
        frame.place = [shift](cv::Point2f p, float nearness) {
            return p + cv::Point2f(shift * nearness, 0);
        };
        frame.later = shift > 0;
        task.frames.push_back(frame);
    }
    for (int i = 0; i <= 12; ++i)
        task.levels.push_back(-0.5f + 0.25f * float(i)); // 0 is level 2, the post level 10
    return task;
}

int levelsOff(const cv::Mat& levels, const StereoTask& task) {
    int off = 0;
    for (int y = 0; y < levels.rows; ++y)
        for (int x = 0; x < levels.cols; ++x) {
            const bool onPost = post.contains({task.region.x + x, task.region.y + y});
            off += !(std::abs(levels.at<float>(y, x) - (onPost ? 10 : 2)) < 1);
        }
    return off;
}

constexpr int target = 16; // pixels of a small target
constexpr int count = 12;  // levels

/// A frame that stands beside the target: what it sees is `level` everywhere.
DepthView seesOnly(float level) {
    DepthView view;
    view.level = cv::Mat(target, target, CV_32F, cv::Scalar(double(level)));
    view.region = {0, 0, target, target};
    view.base.create(target, target, CV_32FC2);
    for (int y = 0; y < target; ++y)
        for (int x = 0; x < target; ++x)
            view.base.at<cv::Vec2f>(y, x) = {float(x), float(y)};
    view.step = cv::Mat::zeros(target, target, CV_32FC2);
    for (int l = 0; l < count; ++l)
        view.expected.push_back(cv::Mat(1, 1, CV_32F, cv::Scalar(l)));
    return view;
}

std::vector<int> costsWith(const std::vector<DepthView>& views) {
    LevelCosts costs({target, target}, count);
    std::fill(costs.values.begin(), costs.values.end(), std::uint8_t(0));
    std::vector<float> levels;
    for (int l = 0; l < count; ++l)
        levels.push_back(float(l));
    addSupport(costs, levels, views, cv::Mat(target, target, CV_8U, cv::Scalar(255)));
    return {costs.at(8, 8), costs.at(8, 8) + count};
}

} // namespace

class TestSourceDepth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_post_and_the_wall_behind_it_have_their_own_depths() {
        const auto task = postAndWall();
        const int off = levelsOff(stereoLevels(task), task);
        QVERIFY2(off < task.region.area() / 25, qPrintable(QString("%1 off").arg(off)));
    }

    void what_is_hidden_before_or_after_is_still_found() {
        auto task = postAndWall();
        for (std::size_t k = 0; k < 2; ++k)
            task.frames[k].rgb.colRange(20, 70).setTo(cv::Scalar(255, 0, 0)); // earlier frames
        const int off = levelsOff(stereoLevels(task), task);
        QVERIFY2(off < task.region.area() / 10, qPrintable(QString("%1 off").arg(off)));
    }

    void a_frame_says_nothing_about_what_it_does_not_show() {
        auto task = postAndWall();
        task.valid.colRange(30, 50).setTo(0);
        const auto levels = stereoLevels(task);
        for (int y = 0; y < levels.rows; ++y)
            for (int x = 0; x < levels.cols; ++x) {
                const int at = task.region.x + x;
                QCOMPARE(std::isnan(levels.at<float>(y, x)), at >= 30 && at < 50);
            }
    }

    void a_level_is_likely_where_frames_see_a_surface() {
        const auto costs = costsWith({seesOnly(4), seesOnly(4)});
        for (int l = 0; l < count; ++l)
            QVERIFY(std::abs(l - 4) <= 1 || costs[std::size_t(l)] > costs[4]);
        QCOMPARE(costs[4], 0);
    }

    void what_several_frames_see_hides_what_lies_behind() {
        std::vector<DepthView> views(5, seesOnly(9));
        views.push_back(seesOnly(2));
        const auto costs = costsWith(views);
        QVERIFY(costs[9] < costs[2]);
        QVERIFY(costs[2] > 60); // more than a place that nothing is known about
    }

    void frames_that_look_through_speak_against_a_level() {
        const auto alone = costsWith({seesOnly(2)});
        QVERIFY(alone[9] > alone[2]);
        auto nothing = seesOnly(0);
        nothing.level.setTo(std::numeric_limits<float>::quiet_NaN());
        QVERIFY(alone[9] > costsWith({nothing})[9]);
    }

    void what_is_lower_in_the_picture_is_taken_as_nearer() {
        for (const float sign : {-1.f, 1.f}) {
            PointTracks tracks;
            std::vector<cv::Point2f> residual;
            cv::RNG random(5);
            for (int i = 0; i < 150; ++i) {
                const cv::Point2f p(random.uniform(0.f, 400.f), random.uniform(0.f, 300.f));
                tracks.points.push_back(p);
                residual.emplace_back(sign * (p.y > 150 ? 6.f : -6.f), 0.f);
            }
            tracks.residual = {residual, residual};
            const auto model = ParallaxModel::fit(tracks);
            QVERIFY(!model.isEmpty());
            double above = 0, below = 0;
            for (std::size_t i = 0; i < tracks.points.size(); ++i)
                if (!std::isnan(model.nearness()[i]))
                    (tracks.points[i].y > 150 ? below : above) += double(model.nearness()[i]);
            QVERIFY(below > above);
        }
    }
};

QTEST_GUILESS_MAIN(TestSourceDepth)
#include "test_source_depth.moc"
