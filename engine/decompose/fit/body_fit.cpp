// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/fit/fit_problem.h"

#include "engine/decompose/fit/fit_start.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::int64_t kWholeClip = 2000; // longest clip fitted in one piece
constexpr std::int64_t kChunk = 1500;
constexpr std::int64_t kOverlap = 60;
constexpr std::int64_t kSample = 300; // frames from which a longer clip's shape and camera come
constexpr int kLimbMarks[12] = {11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28};

Camera cameraOf(Size frame, float focal) {
    Camera camera;
    camera.size = frame;
    camera.fx = camera.fy = focal;
    camera.cx = 0.5f * float(frame.width);
    camera.cy = 0.5f * float(frame.height);
    camera.rotation = glm::mat3(1, 0, 0, 0, -1, 0, 0, 0, -1);
    return camera;
}

bool finite(const PersonPose& pose) {
    for (int l = 0; l < kPoseLandmarks; ++l)
        for (int c = 0; c < 3; ++c)
            if (!std::isfinite(pose.landmarks[l][c]) || !std::isfinite(pose.world[l][c]))
                return false;
    return true;
}

BodyPose blended(const BodyPose& a, const BodyPose& b, float t) {
    BodyPose pose;
    for (int j = 0; j < kBodyJoints; ++j)
        pose.rotations[j] =
            axisAngleOf(glm::slerp(quaternionOf(a.rotations[j]), quaternionOf(b.rotations[j]), t));
    pose.translation = glm::mix(a.translation, b.translation, t);
    return pose;
}

/// The tensors are small: a second thread gains nothing on a free machine, and on a busy one
/// waiting for it at every operator makes the fit many times slower.
class OneThread {
public:
    OneThread()
        : m_before(torch::get_num_threads()) {
        torch::set_num_threads(1);
    }
    ~OneThread() { torch::set_num_threads(m_before); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int m_before;
};

class ClipFitter {
public:
    ClipFitter(const BodyModel& model, std::span<const FitFrame> frames, Size frame, Rational fps,
               const FitOptions& options, const JobContext& context)
        : m_model(model)
        , m_map(mapLandmarks(model))
        , m_frames(frames)
        , m_fps(fps)
        , m_options(options)
        , m_context(context)
        , m_camera(cameraOf(
              frame, options.focal.value_or(1.2f * float(std::max(frame.width, frame.height))))) {
        m_shared.betas = torch::zeros({kBodyBetas});
        if (options.betas)
            for (int b = 0; b < kBodyBetas; ++b)
                m_shared.betas[b] = (*options.betas)[b];
        m_shared.offsets = torch::zeros({17, 3});
        m_shared.logFocal = torch::zeros({});
    }

    Result<FitResult> run() {
        const auto count = std::int64_t(m_frames.size());
        FitResult result;
        result.motion.frames.resize(count);
        result.projected.resize(count);
        if (count > kWholeClip && !fitShared())
            return cancelled();
        const std::int64_t step = count > kWholeClip ? kChunk - kOverlap : count;
        for (std::int64_t begin = 0; begin < count; begin += step) {
            const std::int64_t end = count > kWholeClip ? std::min(count, begin + kChunk) : count;
            if (!fitChunk({begin, end}, count > kWholeClip, result))
                return cancelled();
            if (end == count)
                break;
        }
        finish(result);
        return result;
    }

private:
    /// Shape, landmark offsets and focal length from frames spread over the clip, each fitted
    /// alone.
    bool fitShared() {
        std::vector<FitFrame> sample;
        const std::int64_t step = std::max<std::int64_t>(1, seenFrames() / kSample);
        std::int64_t n = 0;
        for (const FitFrame& frame : m_frames)
            if (frame.seen && n++ % step == 0)
                sample.push_back(frame);
        FitProblem problem(m_model, m_map, sample, m_camera, m_fps.value(), 0.f);
        problem.start(startPoses(m_model, m_map, sample, m_camera, 0.f), m_shared);
        problem.holdShared(m_options.betas.has_value(), false, m_options.focal.has_value());
        if (!problem.minimise(m_options.iterations, m_context))
            return false;
        m_shared = problem.shared();
        return true;
    }

    bool fitChunk(FrameRange range, bool sharedIsKnown, FitResult& result) {
        const auto frames = m_frames.subspan(range.begin, range.size());
        const bool anySeen =
            std::any_of(frames.begin(), frames.end(), [](const FitFrame& f) { return f.seen; });
        if (!anySeen) { // a long absence: the last known pose stands in
            for (std::int64_t t = range.begin; t < range.end; ++t)
                if (t > 0)
                    result.motion.frames[t] = result.motion.frames[t - 1];
            return true;
        }
        const float sigma = m_options.smoothness > 0 ? float(0.04 * m_fps.value()) : 0.f;
        FitProblem problem(m_model, m_map, frames, m_camera, m_fps.value(), m_options.smoothness);
        problem.start(startPoses(m_model, m_map, frames, m_camera, sigma), m_shared);
        problem.holdShared(sharedIsKnown || m_options.betas, sharedIsKnown,
                           sharedIsKnown || m_options.focal);
        if (!problem.minimise(m_options.iterations, m_context))
            return false;
        m_shared = problem.shared();
        store(problem, range, result);
        return true;
    }

    void store(const FitProblem& problem, FrameRange range, FitResult& result) {
        const auto poses = problem.poses();
        const torch::NoGradGuard guard;
        const torch::Tensor projected = problem.project(problem.landmarks()).contiguous();
        const auto p = projected.accessor<float, 3>();
        const std::int64_t blend = range.begin > 0 ? kOverlap : 0;
        for (std::int64_t i = 0; i < range.size(); ++i) {
            const std::int64_t t = range.begin + i;
            const float share = i < blend ? float(i + 1) / float(blend + 1) : 1.f;
            BodyPose& pose = result.motion.frames[t];
            pose = share < 1.f ? blended(pose, poses[i], share) : poses[i];
            for (int l = 0; l < kPoseLandmarks; ++l)
                result.projected[t][l] =
                    glm::mix(result.projected[t][l], glm::vec2(p[i][l][0], p[i][l][1]), share);
        }
    }

    void finish(FitResult& result) {
        Motion& motion = result.motion;
        motion.fps = m_fps;
        motion.betasOf = m_model.name;
        for (int b = 0; b < kBodyBetas; ++b)
            motion.betas[b] = m_shared.betas[b].item<float>();
        const float focal = m_camera.fx * std::exp(m_shared.logFocal.item<float>());
        Camera camera = m_camera;
        camera.fx = camera.fy = focal;
        motion.cameras.assign(motion.frames.size(), camera);
        for (const FitFrame& frame : m_frames) {
            float sum = 0;
            for (const int l : kLimbMarks)
                sum += frame.pose.visibility[l] * frame.pose.presence[l];
            motion.confidence.push_back(frame.seen ? std::clamp(sum / 12.f, 0.01f, 1.f) : 0.f);
        }
        measure(result);
    }

    void measure(FitResult& result) {
        const ShapedBody body(m_model, result.motion.betas);
        float top = -1e9f, bottom = 1e9f;
        for (const glm::vec3& v : body.restVertices()) {
            top = std::max(top, v.y);
            bottom = std::min(bottom, v.y);
        }
        std::vector<std::array<glm::vec3, kBodyJoints>> joints(m_frames.size());
        double limbs = 0, all = 0, acceleration = 0;
        std::int64_t limbCount = 0, allCount = 0, accelerationCount = 0;
        for (std::size_t t = 0; t < m_frames.size(); ++t) {
            body.pose(result.motion.frames[t], {}, joints[t]);
            if (!m_frames[t].seen)
                continue;
            ++result.report.seenFrames;
            const Camera& camera = result.motion.cameras[t];
            const double height = camera.fx * (top - bottom) / std::max(0.1f, -joints[t][0].z);
            for (int l = 0; l < kPoseLandmarks; ++l) {
                const PersonPose& pose = m_frames[t].pose;
                const double error =
                    glm::distance(result.projected[t][l], glm::vec2(pose.landmarks[l])) / height;
                all += error;
                ++allCount;
                if (pose.visibility[l] > 0.5f &&
                    std::find(std::begin(kLimbMarks), std::end(kLimbMarks), l) !=
                        std::end(kLimbMarks)) {
                    limbs += error;
                    ++limbCount;
                }
            }
        }
        for (std::size_t t = 1; t + 1 < m_frames.size(); ++t) {
            if (!m_frames[t - 1].seen || !m_frames[t].seen || !m_frames[t + 1].seen)
                continue;
            for (int j = 0; j < kBodyJoints; ++j)
                acceleration +=
                    glm::length(joints[t - 1][j] - 2.f * joints[t][j] + joints[t + 1][j]);
            accelerationCount += kBodyJoints;
        }
        FitReport& report = result.report;
        report.reprojectionError = limbCount ? limbs / double(limbCount) : 0;
        report.allLandmarksError = allCount ? all / double(allCount) : 0;
        const double fps = m_fps.value();
        report.acceleration =
            accelerationCount ? acceleration * fps * fps / double(accelerationCount) : 0;
    }

    std::int64_t seenFrames() const {
        return std::count_if(m_frames.begin(), m_frames.end(),
                             [](const FitFrame& f) { return f.seen; });
    }

    const BodyModel& m_model;
    LandmarkMap m_map;
    std::span<const FitFrame> m_frames;
    Rational m_fps;
    FitOptions m_options;
    const JobContext& m_context;
    Camera m_camera;
    FitShared m_shared;
};

} // namespace

Result<FitResult> fitBody(const BodyModel& model, std::span<const FitFrame> frames, Size frame,
                          Rational fps, const FitOptions& options, const JobContext& context) {
    if (frame.width <= 0 || frame.height <= 0 || !(fps.value() > 0))
        return Error{ErrorCode::Usage, "The body cannot be fitted to a clip without size or rate."};
    bool any = false;
    for (const FitFrame& one : frames) {
        any = any || one.seen;
        if (one.seen && !finite(one.pose))
            return Error{ErrorCode::Internal,
                         "The person's landmarks hold numbers that are not finite."};
    }
    if (!any)
        return Error{ErrorCode::NothingToDo, "No person was seen in any frame of the clip."};
    const OneThread guard;
    try {
        return ClipFitter(model, frames, frame, fps, options, context).run();
    } catch (const std::exception& e) {
        return Error{ErrorCode::Internal, std::string("The body fit failed: ") + e.what()};
    }
}

} // namespace strata
