// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/decompose/fit/body_fit.h"
#include "engine/decompose/fit/landmark_map.h"
#include "engine/decompose/fit/torch_body.h"

#include <QElapsedTimer>
#include <QtTest>

#include <cmath>
#include <random>

using namespace strata;

namespace {

constexpr Size kFrame{1280, 720};
constexpr float kFocal = 1536.f;

Camera camera() {
    Camera c;
    c.size = kFrame;
    c.fx = c.fy = kFocal;
    c.cx = 640;
    c.cy = 360;
    c.rotation = glm::mat3(1, 0, 0, 0, -1, 0, 0, 0, -1);
    return c;
}

/// A person who shifts the weight, swings the arms and bends knees and elbows, about 4.5 m before
/// the camera.
BodyPose movingPose(double seconds) {
    BodyPose pose;
    const auto wave = [&](double rate, double phase) {
        return float(std::sin(2 * M_PI * rate * seconds + phase));
    };
    pose.rotations[0] = {0.05f, 0.5f * wave(0.3, 0), 0.05f * wave(0.4, 1)};
    pose.rotations[3] = {0.1f * wave(0.5, 0), 0.1f, 0.f};
    pose.rotations[16] = {0.f, -0.3f, -1.0f + 0.4f * wave(0.8, 0)};
    pose.rotations[17] = {0.f, 0.3f, 1.0f + 0.4f * wave(0.8, 2)};
    pose.rotations[18] = {0.f, -0.9f + 0.4f * wave(1.0, 1), 0.f};
    pose.rotations[19] = {0.f, 0.9f + 0.4f * wave(1.0, 0), 0.f};
    pose.rotations[1] = {-0.4f + 0.2f * wave(0.6, 0), 0.f, 0.1f};
    pose.rotations[2] = {-0.4f + 0.2f * wave(0.6, 3), 0.f, -0.1f};
    pose.rotations[4] = {0.6f + 0.2f * wave(0.6, 0), 0.f, 0.f};
    pose.rotations[5] = {0.6f + 0.2f * wave(0.6, 3), 0.f, 0.f};
    pose.translation = {0.2f * wave(0.2, 0), 0.2f, -4.5f + 0.2f * wave(0.25, 1)};
    return pose;
}

struct Scene {
    Betas betas;
    std::vector<FitFrame> frames;
    std::vector<BodyPose> poses;
    std::vector<std::array<glm::vec3, kBodyJoints>> joints;
};

/// Landmarks as the network would see them: projected with noise in pixels, and world points with
/// noise in metres.
Scene makeScene(const BodyModel& model, const Betas& betas, int count, double fps, float pixelNoise,
                float worldNoise) {
    const ShapedBody body(model, betas);
    const LandmarkMap map = mapLandmarks(model);
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    Scene scene;
    scene.betas = betas;
    for (int t = 0; t < count; ++t) {
        const BodyPose pose = movingPose(t / fps);
        std::array<glm::vec3, kBodyJoints> joints;
        body.pose(pose, {}, joints);
        std::array<glm::mat3, kBodyJoints> g;
        for (int j = 0; j < kBodyJoints; ++j)
            g[j] = j == 0 ? rotationOf(pose.rotations[0])
                          : g[model.parents[j]] * rotationOf(pose.rotations[j]);
        FitFrame frame;
        frame.seen = true;
        frame.pose.visibility.fill(1.f);
        frame.pose.presence.fill(1.f);
        std::array<glm::vec3, kPoseLandmarks> points{};
        for (int l = 0; l < kPoseLandmarks; ++l) {
            glm::vec3 rest = map.points[l];
            for (int c = 0; c < 3; ++c)
                for (int b = 0; b < kBodyBetas; ++b)
                    rest[c] += map.shapeDirs[(l * 3 + c) * kBodyBetas + b] * betas[b];
            for (int j = 0; j < kBodyJoints; ++j)
                points[l] += map.weights[l * kBodyJoints + j] *
                             (g[j] * (rest - body.restJoints()[j]) + joints[j]);
        }
        const glm::vec3 hips = 0.5f * (points[23] + points[24]);
        const glm::vec3 ray = camera().toCamera(hips);
        const glm::mat3 turn = rotationBetween(ray, {0, 0, 1});
        for (int l = 0; l < kPoseLandmarks; ++l) {
            const glm::vec2 p = camera().project(points[l]);
            frame.pose.landmarks[l] = {p.x + pixelNoise * normal(random),
                                       p.y + pixelNoise * normal(random), 0.f};
            frame.pose.world[l] =
                turn * (camera().rotation * (points[l] - hips)) +
                worldNoise * glm::vec3(normal(random), normal(random), normal(random));
        }
        scene.frames.push_back(frame);
        scene.poses.push_back(pose);
        scene.joints.push_back(joints);
    }
    return scene;
}

/// Mean distance of the joints relative to the pelvis, metres. The body's size is taken out: one
/// camera cannot tell it.
double jointError(const BodyModel& model, const FitResult& fit, const Scene& scene) {
    const ShapedBody body(model, fit.motion.betas);
    const auto height = [](std::span<const glm::vec3> j) { return j[15].y - j[7].y; };
    const float scale =
        height(ShapedBody(model, scene.betas).restJoints()) / height(body.restJoints());
    double sum = 0;
    std::array<glm::vec3, kBodyJoints> joints;
    for (std::size_t t = 0; t < scene.joints.size(); ++t) {
        body.pose(fit.motion.frames[t], {}, joints);
        for (int j = 1; j < 22; ++j)
            sum += glm::distance(scale * (joints[j] - joints[0]),
                                 scene.joints[t][j] - scene.joints[t][0]);
    }
    return sum / double(21 * scene.joints.size());
}

/// Where the head looks, in the world.
glm::vec3 gaze(const BodyModel& model, const BodyPose& pose) {
    glm::mat3 turn(1.f);
    for (int joint = 15; joint >= 0; joint = model.parents[joint])
        turn = rotationOf(pose.rotations[joint]) * turn;
    return turn * glm::vec3(0, 0, 1);
}

} // namespace

class TestBodyFit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void torchSkinningEqualsThePlainOne();
    void everyLandmarkLiesOnItsSideOfTheBody();
    void aNoisyClipIsRecoveredSmoothly();
    void aSinglePictureIsFitted();
    void unseenFramesAreBridgedWithConfidenceZero();
    void aHeadThatIsNotSeenGoesOnAsItWas();
    void nobodyIsAClearError();
    void stoppingIsHonoured();
    void longClipsAreFittedInChunks();

private:
    BodyModel m_model;
};

void TestBodyFit::initTestCase() {
    auto model = loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    m_model = std::move(*model);
}

void TestBodyFit::torchSkinningEqualsThePlainOne() {
    std::mt19937 random(3);
    std::normal_distribution<float> normal(0.f, 0.7f);
    const TorchBody torchBody(m_model);
    Betas betas;
    for (float& b : betas)
        b = normal(random);
    const ShapedBody plain(m_model, betas);
    const int frames = 4;
    std::vector<BodyPose> poses(frames);
    torch::Tensor angles = torch::zeros({frames, kBodyJoints, 3});
    torch::Tensor shifts = torch::zeros({frames, 3});
    for (int t = 0; t < frames; ++t) {
        for (int j = 0; j < kBodyJoints; ++j)
            for (int c = 0; c < 3; ++c)
                angles[t][j][c] = poses[t].rotations[j][c] = t == 0 ? 0.f : normal(random);
        for (int c = 0; c < 3; ++c)
            shifts[t][c] = poses[t].translation[c] = normal(random);
    }
    const torch::Tensor shape = torch::from_blob(betas.data(), {kBodyBetas}, torch::kFloat).clone();
    const torch::Tensor result =
        torchBody.vertices(shape, rotationsOf(angles), shifts).contiguous();
    const auto v = result.accessor<float, 3>();
    std::vector<glm::vec3> vertices(kBodyVertices);
    float worst = 0;
    for (int t = 0; t < frames; ++t) {
        plain.pose(poses[t], vertices, {});
        for (int i = 0; i < kBodyVertices; ++i)
            worst = std::max(
                worst, glm::distance(vertices[i], glm::vec3(v[t][i][0], v[t][i][1], v[t][i][2])));
    }
    qInfo("largest difference %.2g m", worst);
    QVERIFY(worst < 1e-5f);
}

void TestBodyFit::everyLandmarkLiesOnItsSideOfTheBody() {
    const LandmarkMap map = mapLandmarks(m_model);
    for (int l = 1; l < kPoseLandmarks; ++l) {
        const int m = mirrorLandmark(l);
        QCOMPARE(mirrorLandmark(m), l);
        const glm::vec3 mirrored(-map.points[m].x, map.points[m].y, map.points[m].z);
        QVERIFY2(glm::distance(map.points[l], mirrored) < 0.012f, qPrintable(QString::number(l)));
        QVERIFY((map.points[l].x > 0) == (l < 7 ? l <= 3 : l % 2 == 1));
        float sum = 0;
        for (int j = 0; j < kBodyJoints; ++j)
            sum += map.weights[l * kBodyJoints + j];
        QVERIFY(std::abs(sum - 1.f) < 1e-5f);
    }
    QVERIFY(map.points[0].z > map.points[7].z + 0.05f);   // the nose before the ear
    QVERIFY(map.points[31].z > map.points[29].z + 0.15f); // toes before the heel
    QVERIFY(map.points[19].z > map.points[17].z + 0.03f); // index before the little finger
}

void TestBodyFit::aNoisyClipIsRecoveredSmoothly() {
    const Betas betas{0.8f, -0.5f, 0.5f};
    const Scene scene = makeScene(m_model, betas, 72, 24, 4.f, 0.03f);
    QElapsedTimer timer;
    timer.start();
    const auto fit = fitBody(m_model, scene.frames, kFrame, Rational(24), {}, {});
    const double seconds = double(timer.elapsed()) / 1000;
    QVERIFY2(fit, fit ? "" : fit.error().message.c_str());
    FitOptions alone;
    alone.smoothness = 0.f;
    const auto jittery = fitBody(m_model, scene.frames, kFrame, Rational(24), alone, {});
    QVERIFY(jittery);
    const double error = jointError(m_model, *fit, scene);
    qInfo("%.1f s; joints %.1f mm (alone %.1f); reprojection %.2f %% (alone %.2f); acceleration "
          "%.2f (alone %.2f); focal %.0f; betas %.2f %.2f %.2f",
          seconds, 1000 * error, 1000 * jointError(m_model, *jittery, scene),
          100 * fit->report.reprojectionError, 100 * jittery->report.reprojectionError,
          fit->report.acceleration, jittery->report.acceleration, fit->motion.cameras[0].fx,
          fit->motion.betas[0], fit->motion.betas[1], fit->motion.betas[2]);
    QVERIFY(error < 0.035);
    QVERIFY(fit->report.reprojectionError < 0.02);
    QVERIFY(jittery->report.acceleration > 3 * fit->report.acceleration);
    QCOMPARE(fit->motion.frames.size(), scene.frames.size());
    QCOMPARE(fit->motion.cameras.size(), scene.frames.size());
}

void TestBodyFit::aSinglePictureIsFitted() {
    const Scene scene = makeScene(m_model, {0.5f, 1.f}, 1, 24, 2.f, 0.02f);
    const auto fit = fitBody(m_model, scene.frames, kFrame, Rational(1), {}, {});
    QVERIFY2(fit, fit ? "" : fit.error().message.c_str());
    qInfo("joints %.1f mm, reprojection %.2f %%", 1000 * jointError(m_model, *fit, scene),
          100 * fit->report.reprojectionError);
    QVERIFY(jointError(m_model, *fit, scene) < 0.05);
    QVERIFY(fit->report.reprojectionError < 0.01);
}

void TestBodyFit::unseenFramesAreBridgedWithConfidenceZero() {
    Scene scene = makeScene(m_model, {}, 36, 24, 1.f, 0.01f);
    for (int t = 14; t < 20; ++t)
        scene.frames[t] = {};
    const auto fit = fitBody(m_model, scene.frames, kFrame, Rational(24), {}, {});
    QVERIFY2(fit, fit ? "" : fit.error().message.c_str());
    for (int t = 0; t < 36; ++t)
        QCOMPARE(fit->motion.confidence[t] == 0.f, t >= 14 && t < 20);
    QCOMPARE(fit->report.seenFrames, 30);
    QVERIFY(jointError(m_model, *fit, scene) < 0.06);
}

void TestBodyFit::aHeadThatIsNotSeenGoesOnAsItWas() {
    Scene scene = makeScene(m_model, {}, 24, 24, 1.f, 0.01f);
    for (int t = 22; t < 24; ++t) { // as the network guesses: small, turned, at the shoulders
        PersonPose& pose = scene.frames[t].pose;
        const glm::vec3 ears = 0.5f * (pose.world[7] + pose.world[8]);
        const glm::vec2 place = 0.5f * glm::vec2(pose.landmarks[11] + pose.landmarks[12]);
        for (int l = 0; l <= 10; ++l) {
            const glm::vec3 out = pose.world[l] - ears;
            const glm::vec3 turned = 0.5f * glm::vec3(-out.z, out.y, out.x);
            pose.world[l] = ears + turned;
            pose.landmarks[l] = glm::vec3(place + 250.f * glm::vec2(turned), 0.f);
        }
    }
    const auto fit = fitBody(m_model, scene.frames, kFrame, Rational(24), {}, {});
    QVERIFY2(fit, fit ? "" : fit.error().message.c_str());
    for (int t = 20; t < 24; ++t) {
        const float cosine = glm::dot(glm::normalize(gaze(m_model, fit->motion.frames[t])),
                                      glm::normalize(gaze(m_model, scene.poses[t])));
        const double degrees = glm::degrees(std::acos(std::min(1.f, cosine)));
        qInfo("frame %d: the head is %.0f degrees off", t, degrees);
        QVERIFY(degrees < 15);
    }
}

void TestBodyFit::nobodyIsAClearError() {
    const std::vector<FitFrame> frames(5);
    const auto fit = fitBody(m_model, frames, kFrame, Rational(24), {}, {});
    QVERIFY(!fit);
    QCOMPARE(int(fit.error().code), int(ErrorCode::NothingToDo));
}

void TestBodyFit::stoppingIsHonoured() {
    const Scene scene = makeScene(m_model, {}, 4, 24, 1.f, 0.01f);
    std::stop_source source;
    JobContext context;
    context.stop = source.get_token();
    context.report = [&](const Progress& progress) {
        if (progress.done == 3)
            source.request_stop();
    };
    const auto fit = fitBody(m_model, scene.frames, kFrame, Rational(24), {}, context);
    QVERIFY(!fit);
    QCOMPARE(int(fit.error().code), int(ErrorCode::Cancelled));
}

void TestBodyFit::longClipsAreFittedInChunks() {
    const Scene scene = makeScene(m_model, {0.5f}, 2100, 24, 1.f, 0.01f);
    FitOptions options;
    options.iterations = 15; // the seams are looked at, not the accuracy
    const auto fit = fitBody(m_model, scene.frames, kFrame, Rational(24), options, {});
    QVERIFY2(fit, fit ? "" : fit.error().message.c_str());
    QCOMPARE(fit->motion.frames.size(), std::size_t(2100));
    QVERIFY(jointError(m_model, *fit, scene) < 0.08);
    for (std::size_t t = 1; t < 2100; ++t)
        QVERIFY(glm::distance(fit->motion.frames[t].translation,
                              fit->motion.frames[t - 1].translation) < 0.15f);
}

QTEST_GUILESS_MAIN(TestBodyFit)
#include "test_body_fit.moc"
