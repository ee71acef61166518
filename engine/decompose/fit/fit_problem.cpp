// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/fit/fit_problem.h"

#include "engine/decompose/fit/fit_start.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int kMoving = 22; // joints that are fitted; the two hands stay flat

// Bones whose direction the world landmarks tell, and how much they are trusted.
struct Bone {
    int from, to;
    float weight;
};
constexpr Bone kBones[] = {
    {11, 13, 1.f},  {13, 15, 1.f},  {12, 14, 1.f}, {14, 16, 1.f},  {23, 25, 1.f},  {25, 27, 1.f},
    {24, 26, 1.f},  {26, 28, 1.f},  {12, 11, 1.f}, {24, 23, 1.f},  {23, 11, 1.f},  {24, 12, 1.f},
    {8, 7, 0.5f},   {7, 0, 0.4f},   {8, 0, 0.4f},  {29, 31, 0.6f}, {30, 32, 0.6f}, {15, 19, 0.3f},
    {16, 20, 0.3f}, {17, 19, 0.2f}, {18, 20, 0.2f}};
constexpr int kBoneCount = int(std::size(kBones));
constexpr int kLastHeadMark = 10; // landmarks 0 to 10 are the head's
constexpr int kFootMarks[4] = {29, 31, 30, 32};

// Standard deviations: what counts as one unit of each residual.
constexpr double kPictureSigma = 0.010;    // of the person's height
constexpr double kPictureOutlier = 6.0;    // sigmas where a landmark begins to lose its say
constexpr double kDirectionSigma = 0.25;   // of a unit vector, about 14 degrees
constexpr double kAccelerationSigma = 8.0; // m/s^2, of the trunk
constexpr double kTurnSigma = 90.0;        // 1/s^2, second difference of rotation matrices
constexpr double kHiddenTurnSigma = 2.0;   // 1/s, first difference of a hidden head's rotations
constexpr double kContactSigma = 0.10;     // m/s
constexpr double kOffsetSigma = 0.02;      // metres
constexpr double kFocalSigma = 0.15;

float trust(int landmark) {
    if (landmark == 0)
        return 0.6f;
    if (landmark <= 10)
        return 0.25f; // eleven points on one head
    return landmark >= 17 && landmark <= 22 ? 0.3f : 1.f;
}

bool onHead(const Bone& bone) { return std::max(bone.from, bone.to) <= kLastHeadMark; }

/// How large the world landmarks of a frame make the head, in metres.
float headSize(const PersonPose& pose) {
    float sum = 0;
    for (const Bone& bone : kBones)
        if (onHead(bone))
            sum += glm::distance(pose.world[bone.from], pose.world[bone.to]);
    return sum;
}

/// How far each frame's landmarks of the head are to be believed, 0..1. A network that cannot see
/// the head gives the mean of what may be, with a visibility as before: the head shrinks.
std::vector<float> headTrust(std::span<const FitFrame> frames) {
    std::vector<float> sizes, trusts(frames.size(), 1.f);
    for (const FitFrame& frame : frames)
        if (frame.seen)
            sizes.push_back(headSize(frame.pose));
    if (sizes.empty())
        return trusts;
    const auto middle = sizes.begin() + std::ptrdiff_t(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    for (std::size_t t = 0; t < frames.size(); ++t)
        if (frames[t].seen)
            trusts[t] =
                glm::smoothstep(0.65f, 0.9f, headSize(frames[t].pose) / std::max(*middle, 1e-4f));
    return trusts;
}

/// From ankle to head of the rest joints [24, 3].
torch::Tensor heightOf(const torch::Tensor& joints) {
    return joints.select(0, 15).select(0, 1) - joints.select(0, 7).select(0, 1);
}

} // namespace

FitShared FitShared::clone() const {
    return {betas.detach().clone(), offsets.detach().clone(), logFocal.detach().clone()};
}

FitProblem::FitProblem(const BodyModel& model, const LandmarkMap& map,
                       std::span<const FitFrame> frames, const Camera& camera, double fps,
                       float smoothness)
    : m_body(model)
    , m_camera(camera)
    , m_fps(fps)
    , m_smoothness(smoothness) {
    m_mapPoints = floatTensor(map.points.data(), {kPoseLandmarks, 3});
    m_mapDirs = floatTensor(map.shapeDirs.data(), {kPoseLandmarks, 3, kBodyBetas});
    m_mapWeights = floatTensor(map.weights.data(), {kPoseLandmarks, kBodyJoints});
    std::vector<std::int64_t> index(kPoseLandmarks);
    m_offsetSign = torch::ones({kPoseLandmarks, 3});
    int next = 0;
    for (int l = 0; l < kPoseLandmarks; ++l) {
        if (mirrorLandmark(l) < l) {
            index[l] = index[mirrorLandmark(l)];
            m_offsetSign[l][0] = -1;
        } else {
            index[l] = next++;
        }
    }
    m_offsetSign[0][0] = 0; // the nose stays in the middle
    m_offsetIndex = torch::tensor(index, torch::kLong);
    readFrames(frames);
    findContacts(frames);
}

void FitProblem::readFrames(std::span<const FitFrame> frames) {
    const auto count = std::int64_t(frames.size());
    m_seen = torch::zeros({count});
    m_marks = torch::zeros({count, kPoseLandmarks, 2});
    m_markWeights = torch::zeros({count, kPoseLandmarks});
    m_directions = torch::zeros({count, kBoneCount, 3});
    m_directionWeights = torch::zeros({count, kBoneCount});
    auto seen = m_seen.accessor<float, 1>();
    auto marks = m_marks.accessor<float, 3>();
    auto weights = m_markWeights.accessor<float, 2>();
    auto directions = m_directions.accessor<float, 3>();
    auto directionWeights = m_directionWeights.accessor<float, 2>();
    const auto head = headTrust(frames);
    m_headTrust = floatTensor(head.data(), {count, 1, 1, 1});
    for (std::int64_t t = 0; t < count; ++t) {
        if (!frames[t].seen)
            continue;
        const PersonPose& pose = frames[t].pose;
        seen[t] = 1.f;
        std::array<float, kPoseLandmarks> sure;
        for (int l = 0; l < kPoseLandmarks; ++l) {
            sure[l] = std::clamp(pose.visibility[l] * pose.presence[l], 0.f, 1.f);
            marks[t][l][0] = pose.landmarks[l].x;
            marks[t][l][1] = pose.landmarks[l].y;
            weights[t][l] = trust(l) * (0.05f + 0.95f * sure[l]);
            if (l <= kLastHeadMark)
                weights[t][l] *= head[t];
        }
        const auto world = worldLandmarks(pose, m_camera);
        for (int b = 0; b < kBoneCount; ++b) {
            const glm::vec3 way = world[kBones[b].to] - world[kBones[b].from];
            const float length = glm::length(way);
            if (!(length > 1e-4f))
                continue;
            for (int c = 0; c < 3; ++c)
                directions[t][b][c] = way[c] / length;
            // An unseen limb is a guess of the network, but a guess of a likely body.
            const float both = std::min(sure[kBones[b].from], sure[kBones[b].to]);
            directionWeights[t][b] = kBones[b].weight * (0.2f + 0.8f * both);
            if (onHead(kBones[b]))
                directionWeights[t][b] *= head[t];
        }
    }
}

/// A foot that stays in its place in the picture stands: slower than a twelfth of the body's height
/// in a second.
void FitProblem::findContacts(std::span<const FitFrame> frames) {
    const auto count = std::int64_t(frames.size());
    m_contacts = torch::zeros({std::max<std::int64_t>(0, count - 1), 4});
    for (std::int64_t t = 0; t + 1 < count; ++t) {
        if (!frames[t].seen || !frames[t + 1].seen)
            continue;
        const auto& a = frames[t].pose;
        const auto& b = frames[t + 1].pose;
        float top = 1e9f, bottom = -1e9f;
        for (const glm::vec3& l : a.landmarks) {
            top = std::min(top, l.y);
            bottom = std::max(bottom, l.y);
        }
        const float height = std::max(1.f, bottom - top);
        for (int k = 0; k < 4; ++k) {
            const int l = kFootMarks[k];
            const float way =
                glm::distance(glm::vec2(a.landmarks[l]), glm::vec2(b.landmarks[l])) / height;
            const float speed = way * float(m_fps); // heights per second
            const float sure = std::min(a.visibility[l], b.visibility[l]);
            m_contacts[t][k] = sure * std::exp(-0.5f * speed * speed / (0.08f * 0.08f));
        }
    }
}

/// For every frame the nearest one whose head is to be believed, or itself where there is none.
std::vector<std::size_t> FitProblem::seenHeads() const {
    const auto count = std::int64_t(m_headTrust.size(0));
    const auto trust = m_headTrust.view({count});
    const auto believed = [&](std::int64_t t) {
        return t >= 0 && t < count && trust[t].item<float>() > 0.5f;
    };
    std::vector<std::size_t> out;
    for (std::int64_t t = 0; t < count; ++t) {
        std::int64_t way = 0;
        while (way < count && !believed(t - way) && !believed(t + way))
            ++way;
        out.push_back(std::size_t(way == count ? t : believed(t - way) ? t - way : t + way));
    }
    return out;
}

void FitProblem::start(const std::vector<BodyPose>& poses, const FitShared& shared) {
    const auto count = std::int64_t(poses.size());
    const auto heads = seenHeads();
    m_columns = torch::zeros({count, kMoving, 6});
    m_translation = torch::zeros({count, 3});
    auto columns = m_columns.accessor<float, 3>();
    auto translation = m_translation.accessor<float, 2>();
    for (std::int64_t t = 0; t < count; ++t) {
        for (int j = 0; j < kMoving; ++j) {
            const std::size_t from = j == 12 || j == 15 ? heads[std::size_t(t)] : std::size_t(t);
            const glm::mat3 r = rotationOf(poses[from].rotations[j]);
            for (int k = 0; k < 6; ++k)
                columns[t][j][k] = r[k / 3][k % 3];
        }
        for (int c = 0; c < 3; ++c)
            translation[t][c] = poses[t].translation[c];
    }
    m_shared = shared.clone();
}

void FitProblem::holdShared(bool betas, bool offsets, bool focal) {
    m_shared.betas.set_requires_grad(!betas);
    m_shared.offsets.set_requires_grad(!offsets);
    m_shared.logFocal.set_requires_grad(!focal);
}

FitProblem::State FitProblem::evaluate() const {
    const std::int64_t count = m_columns.size(0);
    const torch::Tensor moving = rotationsOf6d(m_columns);
    const torch::Tensor still = torch::eye(3).expand({count, kBodyJoints - kMoving, 3, 3});
    State state;
    state.local = torch::cat({moving, still}, 1);
    const torch::Tensor joints = m_body.restJoints(m_shared.betas);
    state.stature = heightOf(joints) / heightOf(m_body.restJoints(torch::zeros({kBodyBetas})));
    const auto skeleton = m_body.forwardKinematics(state.local, joints);
    state.joints = skeleton.joints + m_translation.unsqueeze(1);
    const torch::Tensor rest = m_mapPoints + torch::matmul(m_mapDirs, m_shared.betas) +
                               m_shared.offsets.index_select(0, m_offsetIndex) * m_offsetSign;
    const torch::Tensor blended =
        torch::matmul(m_mapWeights, skeleton.transforms.reshape({count, kBodyJoints, 12}))
            .view({count, kPoseLandmarks, 3, 4});
    state.points = (blended.narrow(3, 0, 3) * rest.unsqueeze(0).unsqueeze(2)).sum(-1) +
                   blended.select(3, 3) + m_translation.unsqueeze(1);
    return state;
}

torch::Tensor FitProblem::project(const torch::Tensor& points) const {
    const torch::Tensor focal = m_camera.fx * torch::exp(m_shared.logFocal);
    const torch::Tensor depth = (-points.select(-1, 2)).clamp_min(0.1);
    return torch::stack({focal * points.select(-1, 0) / depth + m_camera.cx,
                         -focal * points.select(-1, 1) / depth + m_camera.cy},
                        -1);
}

torch::Tensor FitProblem::pictureTerm(const torch::Tensor& points) const {
    // Pixels of the person's height at its distance; held fixed so that the body does not grow to
    // shrink its errors.
    const torch::Tensor height =
        (1.7 * m_camera.fx / (-m_translation.select(1, 2)).clamp_min(0.3)).detach();
    const torch::Tensor error =
        (project(points) - m_marks) / (height.view({-1, 1, 1}) * kPictureSigma);
    const torch::Tensor square = (error * error).sum(-1);
    const double c2 = kPictureOutlier * kPictureOutlier;
    return (m_markWeights * (c2 * square / (c2 + square))).sum(1); // Geman-McClure
}

torch::Tensor FitProblem::directionTerm(const torch::Tensor& points) const {
    std::vector<std::int64_t> from, to;
    for (const Bone& bone : kBones) {
        from.push_back(bone.from);
        to.push_back(bone.to);
    }
    const torch::Tensor way = points.index_select(1, torch::tensor(to, torch::kLong)) -
                              points.index_select(1, torch::tensor(from, torch::kLong));
    const torch::Tensor unit = way / (way * way).sum(-1, true).add(1e-8).sqrt();
    const torch::Tensor error = (unit - m_directions) / kDirectionSigma;
    return (m_directionWeights * (error * error).sum(-1)).sum(1);
}

torch::Tensor FitProblem::poseTerm(const torch::Tensor& local) const {
    const auto at = [&](int joint, int row, int column) {
        return local.select(1, joint).select(1, row).select(1, column);
    };
    const auto square = [](const torch::Tensor& t) { return t * t; };
    // 3 - trace = 2 (1 - cos angle): how far a joint is from rest, smooth everywhere.
    static const std::vector<float> kStiff{0.f, .15f, .15f, 3.f,  0.f, 0.f, 3.f, 1.f,
                                           1.f, 3.f,  8.f,  8.f,  2.f, 6.f, 6.f, 1.5f,
                                           .1f, .1f,  .05f, .05f, 1.f, 1.f, 0.f, 0.f};
    const torch::Tensor angle = 3.0 - local.diagonal(0, 2, 3).sum(-1); // [T, 24]
    torch::Tensor sum = (angle * torch::tensor(kStiff)).sum(1);
    for (int side = 0; side < 2; ++side) {
        // Knees bend about x, backwards only; elbows about y, forwards only, and leave their plane
        // a little by twist.
        const int knee = 4 + side, elbow = 18 + side;
        const double inward = side == 0 ? 1.0 : -1.0;
        sum = sum + 20.0 * square(at(knee, 0, 1)) + 10.0 * square(at(knee, 0, 2)) +
              60.0 * square(torch::relu(-at(knee, 2, 1)));
        sum = sum + 20.0 * square(at(elbow, 1, 0)) +
              60.0 * square(torch::relu(-inward * at(elbow, 2, 0)));
    }
    return sum;
}

torch::Tensor FitProblem::sharedTerm() const {
    const double share = std::max(0.05, 1.0 / double(std::max<std::int64_t>(1, m_seen.size(0))));
    const torch::Tensor offsets = m_shared.offsets / kOffsetSigma;
    const torch::Tensor focal = m_shared.logFocal / kFocalSigma;
    return share * (2.0 * (m_shared.betas * m_shared.betas).sum() +
                    2.0 * (offsets * offsets).sum() + 10.0 * focal * focal);
}

/// Measured in statures, not metres: a picture does not tell a small near person from a tall far
/// one, and a small one would always move more calmly.
torch::Tensor FitProblem::smoothTerm(const State& state) const {
    const auto second = [](const torch::Tensor& x) {
        const std::int64_t n = x.size(0) - 2;
        return x.narrow(0, 0, n) - 2.0 * x.narrow(0, 1, n) + x.narrow(0, 2, n);
    };
    // Trunks have mass; a foot that kicks and a hand that throws change their way at once.
    static const std::vector<float> kLively{1.f,  1.5f, 1.5f, 1.f,  2.5f, 2.5f, 1.f, 4.f,
                                            4.f,  1.f,  4.f,  4.f,  1.f,  1.f,  1.f, 1.f,
                                            1.5f, 1.5f, 2.5f, 2.5f, 4.f,  4.f,  4.f, 4.f};
    const torch::Tensor calm = torch::tensor(kLively).reciprocal().view({1, kBodyJoints, 1});
    const double fps2 = m_fps * m_fps;
    const torch::Tensor a =
        second(state.joints) / state.stature * calm * (fps2 / kAccelerationSigma);
    const torch::Tensor r = second(state.local.narrow(1, 0, kMoving)) *
                            calm.narrow(1, 0, kMoving).unsqueeze(-1) * (fps2 / kTurnSigma);
    // Of a head that cannot be seen nothing else would say that it does not turn on and on.
    const torch::Tensor neck = state.local.index_select(1, torch::tensor({12, 15}, torch::kLong));
    const std::int64_t steps = neck.size(0) - 1;
    const torch::Tensor turn = (neck.narrow(0, 1, steps) - neck.narrow(0, 0, steps)) *
                               (1.0 - m_headTrust.narrow(0, 1, steps)) * (m_fps / kHiddenTurnSigma);
    return m_smoothness * ((a * a).sum() + ((r * r).sum() + (turn * turn).sum()) * 0.5) /
           double(state.joints.size(0));
}

torch::Tensor FitProblem::contactTerm(const State& state) const {
    const torch::Tensor feet = state.points.index_select(
        1, torch::tensor(std::vector<std::int64_t>(std::begin(kFootMarks), std::end(kFootMarks)),
                         torch::kLong));
    const torch::Tensor speed =
        (feet.narrow(0, 1, feet.size(0) - 1) - feet.narrow(0, 0, feet.size(0) - 1)) *
        (m_fps / kContactSigma) / state.stature;
    return m_smoothness * (m_contacts * (speed * speed).sum(-1)).sum() /
           double(state.points.size(0));
}

torch::Tensor FitProblem::energy(const State& state) const {
    const torch::Tensor seenFrames = m_seen.sum().clamp_min(1.0);
    torch::Tensor sum =
        (m_seen * (pictureTerm(state.points) + directionTerm(state.points))).sum() / seenFrames +
        poseTerm(state.local).mean() + sharedTerm();
    if (m_smoothness > 0 && state.joints.size(0) >= 3)
        sum = sum + smoothTerm(state) + contactTerm(state);
    return sum;
}

bool FitProblem::minimise(int iterations, const JobContext& context) {
    m_columns = m_columns.detach().set_requires_grad(true);
    m_translation = m_translation.detach().set_requires_grad(true);
    // Adam comes near from far away, a quasi-Newton method then settles what hangs together: frames
    // by their smoothness, a trunk by its joints.
    // Frames alone have nothing but the landmarks' noise to settle into.
    const bool together = m_smoothness > 0 && m_columns.size(0) >= 3;
    const int rough = together ? iterations / 6 : iterations;
    return approach(rough, iterations, context) && settle(rough, iterations, context);
}

bool FitProblem::approach(int end, int iterations, const JobContext& context) {
    std::vector<torch::optim::OptimizerParamGroup> groups;
    std::vector<double> rates;
    const auto add = [&](torch::Tensor& parameter, double rate) {
        if (!parameter.requires_grad())
            return;
        groups.emplace_back(std::vector<torch::Tensor>{parameter},
                            std::make_unique<torch::optim::AdamOptions>(rate));
        rates.push_back(rate);
    };
    add(m_columns, 0.02);
    add(m_translation, 0.02);
    add(m_shared.betas, 0.05);
    add(m_shared.offsets, 0.002);
    add(m_shared.logFocal, 0.004);
    torch::optim::Adam optimizer(groups, torch::optim::AdamOptions(0.02).betas({0.9, 0.99}));
    for (int i = 0; i < end; ++i) {
        if (context.stopRequested())
            return false;
        // Quick first, then settling: the rate falls along a cosine to a hundredth.
        const double fall = 0.01 + 0.99 * 0.5 * (1.0 + std::cos(M_PI * i / end));
        for (std::size_t g = 0; g < rates.size(); ++g)
            static_cast<torch::optim::AdamOptions&>(optimizer.param_groups()[g].options())
                .lr(rates[g] * fall);
        optimizer.zero_grad();
        const torch::Tensor value = energy(evaluate());
        value.backward();
        optimizer.step();
        context.progress("body", i + 1, iterations);
    }
    return true;
}

bool FitProblem::settle(int begin, int iterations, const JobContext& context) {
    constexpr int kAtOnce = 10; // iterations between two looks whether to stop
    std::vector<torch::Tensor> parameters;
    for (const auto& parameter :
         {m_columns, m_translation, m_shared.betas, m_shared.offsets, m_shared.logFocal})
        if (parameter.requires_grad())
            parameters.push_back(parameter);
    torch::optim::LBFGS optimizer(
        parameters,
        torch::optim::LBFGSOptions(1.0).max_iter(kAtOnce).history_size(30).line_search_fn(
            "strong_wolfe"));
    for (int i = begin; i < iterations; i += kAtOnce) {
        if (context.stopRequested())
            return false;
        std::vector<torch::Tensor> before;
        for (const auto& parameter : parameters)
            before.push_back(parameter.detach().clone());
        optimizer.step([&] {
            optimizer.zero_grad();
            const torch::Tensor value = energy(evaluate());
            value.backward();
            return value;
        });
        const bool sound = std::all_of(parameters.begin(), parameters.end(), [](const auto& p) {
            return torch::isfinite(p).all().template item<bool>();
        });
        if (!sound) { // a step out of all bounds: what was reached stays
            const torch::NoGradGuard noGrad;
            for (std::size_t k = 0; k < parameters.size(); ++k)
                parameters[k].copy_(before[k]);
            break;
        }
        context.progress("body", std::min(i + kAtOnce, iterations), iterations);
    }
    return true;
}

std::vector<BodyPose> FitProblem::poses() const {
    const torch::NoGradGuard guard;
    const torch::Tensor rotations = rotationsOf6d(m_columns).contiguous();
    const auto r = rotations.accessor<float, 4>();
    const auto translation = m_translation.accessor<float, 2>();
    std::vector<BodyPose> poses(m_columns.size(0));
    for (std::size_t t = 0; t < poses.size(); ++t) {
        for (int j = 0; j < kMoving; ++j) {
            glm::mat3 m;
            for (int row = 0; row < 3; ++row)
                for (int column = 0; column < 3; ++column)
                    m[column][row] = r[t][j][row][column];
            poses[t].rotations[j] = axisAngleOf(m);
        }
        poses[t].translation = {translation[t][0], translation[t][1], translation[t][2]};
    }
    return poses;
}

torch::Tensor FitProblem::landmarks() const {
    const torch::NoGradGuard guard;
    return evaluate().points.contiguous();
}

} // namespace strata
