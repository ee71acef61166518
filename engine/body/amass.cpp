// SPDX-License-Identifier: Apache-2.0
#include "engine/body/motion.h"
#include "engine/formats/npz.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::int64_t kMaxFrames = 4'000'000; // nine hours at 120 frames a second
constexpr int kPoseNumbers = 3 * kBodyJoints;  // 72
constexpr int kSmplhPoseNumbers = 156;
constexpr int kHandNumbers = 6;
// Where SMPL bodies have their pelvis; the root turns about it, so the change of axes needs it.
const glm::vec3 kPelvis{0.f, -0.22f, 0.03f};
const float kQuarter = 1.57079632679f;

glm::mat3 yUpFromZUp() { return rotationOf({-kQuarter, 0.f, 0.f}); }

void turn(BodyPose& pose, const glm::mat3& turn) {
    pose.rotations[0] = axisAngleOf(turn * rotationOf(pose.rotations[0]));
    pose.translation = turn * (kPelvis + pose.translation) - kPelvis;
}

Error bad(const std::string& file, const std::string& what) {
    return {ErrorCode::BadFormat, "The motion file " + file + " " + what + "."};
}

Result<std::vector<float>> numbers(const ArrayMap& arrays, const std::string& name,
                                   const std::string& file,
                                   const std::vector<std::int64_t>& shape) {
    STRATA_ASSIGN(const Array array, require(arrays, name, file, shape));
    auto values = array.toFloats();
    if (std::int64_t(values.size()) != array.count())
        return bad(file, "has no numbers in \"" + name + "\"");
    for (const float value : values)
        if (!std::isfinite(value))
            return bad(file, "has a number in \"" + name + "\" that is not finite");
    return values;
}

/// Rotations [T, 72] whatever the layout: 72 numbers are SMPL's, 156 and 165 begin with root and 21
/// body joints.
Result<std::vector<float>> rotations(const ArrayMap& arrays, const std::string& file) {
    if (arrays.count("poses") == 0 && arrays.count("pose_body") != 0) {
        STRATA_ASSIGN(const auto body, numbers(arrays, "pose_body", file, {-1, 63}));
        const std::int64_t frames = std::int64_t(body.size()) / 63;
        STRATA_ASSIGN(const auto root, numbers(arrays, "root_orient", file, {frames, 3}));
        std::vector<float> result(frames * kPoseNumbers, 0.f);
        for (std::int64_t t = 0; t < frames; ++t) {
            std::copy_n(root.begin() + 3 * t, 3, result.begin() + t * kPoseNumbers);
            std::copy_n(body.begin() + 63 * t, 63, result.begin() + t * kPoseNumbers + 3);
        }
        return result;
    }
    STRATA_ASSIGN(const Array poses, require(arrays, "poses", file, {-1, -1}));
    const std::int64_t frames = poses.shape[0], width = poses.shape[1];
    if (width != 72 && width != 156 && width != 165)
        return bad(file, "has " + std::to_string(width) +
                             " pose numbers per frame; 72, 156 or 165 are known");
    if (frames > kMaxFrames)
        return bad(file, "has too many frames");
    STRATA_ASSIGN(const auto values, numbers(arrays, "poses", file, {frames, width}));
    const int kept = width == 72 ? 72 : 66;
    std::vector<float> result(frames * kPoseNumbers, 0.f);
    for (std::int64_t t = 0; t < frames; ++t)
        std::copy_n(values.begin() + t * width, kept, result.begin() + t * kPoseNumbers);
    return result;
}

/// Rates such as 29.97 and 23.976 come back as exact fractions.
Rational rateOf(double fps) {
    const double ntsc = std::round(fps * 1.001);
    if (std::abs(fps - std::round(fps)) < 1e-3)
        return {std::int64_t(std::round(fps)), 1};
    if (std::abs(fps - ntsc / 1.001) < 2e-3)
        return {std::int64_t(ntsc) * 1000, 1001};
    return {std::int64_t(std::round(fps * 1000)), 1000};
}

Result<Rational> frameRate(const ArrayMap& arrays, const std::string& file) {
    if (const auto own = arrays.find("strata_fps"); own != arrays.end()) {
        const auto values = own->second.toInts();
        if (values.size() == 2 && values[0] > 0 && values[1] > 0)
            return Rational(values[0], values[1]);
    }
    for (const char* name : {"mocap_framerate", "mocap_frame_rate", "fps"}) {
        const auto found = arrays.find(name);
        if (found == arrays.end())
            continue;
        const auto values = found->second.toDoubles();
        if (values.size() != 1 || !(values[0] >= 0.1) || !(values[0] <= 10000))
            return bad(file, std::string("has no sensible frame rate in \"") + name + "\"");
        return rateOf(values[0]);
    }
    return Rational(30);
}

Status readCameras(Motion& motion, const ArrayMap& arrays, const std::string& file) {
    const auto count = std::int64_t(motion.frames.size());
    STRATA_ASSIGN(const auto sizes, numbers(arrays, "strata_camera_size", file, {count, 2}));
    STRATA_ASSIGN(const auto k, numbers(arrays, "strata_camera_k", file, {count, 4}));
    STRATA_ASSIGN(const auto r, numbers(arrays, "strata_camera_rotation", file, {count, 3, 3}));
    STRATA_ASSIGN(const auto t, numbers(arrays, "strata_camera_translation", file, {count, 3}));
    motion.cameras.resize(count);
    for (std::int64_t i = 0; i < count; ++i) {
        Camera& camera = motion.cameras[i];
        if (!(sizes[2 * i] > 0 && sizes[2 * i] < 1e6f && sizes[2 * i + 1] > 0 &&
              sizes[2 * i + 1] < 1e6f))
            return bad(file, "has a camera without a picture size");
        camera.size = {int(sizes[2 * i]), int(sizes[2 * i + 1])};
        camera.fx = k[4 * i];
        camera.fy = k[4 * i + 1];
        camera.cx = k[4 * i + 2];
        camera.cy = k[4 * i + 3];
        for (int row = 0; row < 3; ++row)
            for (int col = 0; col < 3; ++col)
                camera.rotation[col][row] = r[9 * i + 3 * row + col];
        camera.translation = {t[3 * i], t[3 * i + 1], t[3 * i + 2]};
    }
    return ok();
}

void writeCameras(ArrayMap& arrays, const Motion& motion) {
    const auto count = std::int64_t(motion.cameras.size());
    std::vector<std::int32_t> sizes;
    std::vector<float> k, r, t;
    for (const Camera& camera : motion.cameras) {
        sizes.insert(sizes.end(), {camera.size.width, camera.size.height});
        k.insert(k.end(), {camera.fx, camera.fy, camera.cx, camera.cy});
        for (int row = 0; row < 3; ++row)
            for (int col = 0; col < 3; ++col)
                r.push_back(camera.rotation[col][row]);
        t.insert(t.end(), {camera.translation.x, camera.translation.y, camera.translation.z});
    }
    arrays["strata_camera_size"] = Array::of({count, 2}, sizes);
    arrays["strata_camera_k"] = Array::of({count, 4}, k);
    arrays["strata_camera_rotation"] = Array::of({count, 3, 3}, r);
    arrays["strata_camera_translation"] = Array::of({count, 3}, t);
}

Status readExtras(Motion& motion, const ArrayMap& arrays, const std::string& file) {
    const auto count = std::int64_t(motion.frames.size());
    if (arrays.count("strata_hands") != 0) {
        STRATA_ASSIGN(const auto hands, numbers(arrays, "strata_hands", file, {count, 6}));
        for (std::int64_t i = 0; i < count; ++i)
            for (int h = 0; h < 2; ++h)
                for (int c = 0; c < 3; ++c)
                    motion.frames[i].rotations[22 + h][c] = hands[6 * i + 3 * h + c];
    }
    if (arrays.count("strata_confidence") != 0) {
        STRATA_ASSIGN(motion.confidence, numbers(arrays, "strata_confidence", file, {count}));
        for (float& value : motion.confidence)
            value = std::clamp(value, 0.f, 1.f);
    }
    if (const auto name = arrays.find("strata_betas_of");
        name != arrays.end() && !name->second.texts.empty())
        motion.betasOf = name->second.texts[0];
    if (arrays.count("strata_camera_size") != 0)
        return readCameras(motion, arrays, file);
    for (BodyPose& pose : motion.frames)
        turn(pose, yUpFromZUp());
    return ok();
}

} // namespace

Result<Motion> readAmass(const std::filesystem::path& path) {
    const std::string file = path.filename().string();
    STRATA_ASSIGN(const ArrayMap arrays, readNpz(path));
    STRATA_ASSIGN(const auto poses, rotations(arrays, file));
    const auto count = std::int64_t(poses.size()) / kPoseNumbers;
    if (count == 0)
        return bad(file, "holds no frames");
    STRATA_ASSIGN(const auto shifts, numbers(arrays, "trans", file, {count, 3}));
    Motion motion;
    STRATA_ASSIGN(motion.fps, frameRate(arrays, file));
    motion.frames.resize(count);
    for (std::int64_t t = 0; t < count; ++t) {
        for (int j = 0; j < kBodyJoints; ++j)
            for (int c = 0; c < 3; ++c)
                motion.frames[t].rotations[j][c] = poses[t * kPoseNumbers + 3 * j + c];
        motion.frames[t].translation = {shifts[3 * t], shifts[3 * t + 1], shifts[3 * t + 2]};
    }
    if (arrays.count("betas") != 0) {
        STRATA_ASSIGN(const auto betas, numbers(arrays, "betas", file, {}));
        std::copy_n(betas.begin(), std::min<std::size_t>(betas.size(), kBodyBetas),
                    motion.betas.begin());
    }
    STRATA_TRY(readExtras(motion, arrays, file));
    return motion;
}

Status writeAmass(const std::filesystem::path& path, const Motion& motion) {
    const auto count = std::int64_t(motion.frames.size());
    std::vector<float> poses(count * kSmplhPoseNumbers, 0.f), shifts, hands;
    bool anyHand = false;
    for (std::int64_t t = 0; t < count; ++t) {
        BodyPose pose = motion.frames[t];
        if (motion.cameras.empty())
            turn(pose, glm::transpose(yUpFromZUp()));
        for (int j = 0; j < 22; ++j)
            for (int c = 0; c < 3; ++c)
                poses[t * kSmplhPoseNumbers + 3 * j + c] = pose.rotations[j][c];
        for (int k = 0; k < kHandNumbers; ++k) {
            hands.push_back(pose.rotations[22 + k / 3][k % 3]);
            anyHand = anyHand || hands.back() != 0.f;
        }
        shifts.insert(shifts.end(), {pose.translation.x, pose.translation.y, pose.translation.z});
    }
    ArrayMap arrays;
    arrays["poses"] = Array::of({count, kSmplhPoseNumbers}, poses);
    arrays["trans"] = Array::of({count, 3}, shifts);
    arrays["betas"] = Array::of({kBodyBetas}, motion.betas);
    const double fps[] = {motion.fps.value()};
    arrays["mocap_framerate"] = Array::of({}, fps);
    arrays["gender"] = Array::ofText("neutral");
    const std::int64_t rate[] = {motion.fps.num, motion.fps.den};
    arrays["strata_fps"] = Array::of({2}, rate);
    arrays["strata_betas_of"] = Array::ofText(motion.betasOf);
    if (anyHand)
        arrays["strata_hands"] = Array::of({count, kHandNumbers}, hands);
    if (!motion.confidence.empty())
        arrays["strata_confidence"] = Array::of({count}, motion.confidence);
    if (!motion.cameras.empty())
        writeCameras(arrays, motion);
    return writeNpz(path, arrays);
}

} // namespace strata
