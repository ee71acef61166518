// SPDX-License-Identifier: Apache-2.0
#include "engine/body/motion.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

BodyPose between(const BodyPose& a, const BodyPose& b, float t) {
    BodyPose pose;
    for (int j = 0; j < kBodyJoints; ++j)
        pose.rotations[j] =
            axisAngleOf(glm::slerp(quaternionOf(a.rotations[j]), quaternionOf(b.rotations[j]), t));
    pose.translation = glm::mix(a.translation, b.translation, t);
    return pose;
}

Camera between(const Camera& a, const Camera& b, float t) {
    Camera camera = t < 0.5f ? a : b;
    camera.fx = glm::mix(a.fx, b.fx, t);
    camera.fy = glm::mix(a.fy, b.fy, t);
    camera.cx = glm::mix(a.cx, b.cx, t);
    camera.cy = glm::mix(a.cy, b.cy, t);
    camera.rotation =
        glm::mat3_cast(glm::slerp(glm::quat_cast(a.rotation), glm::quat_cast(b.rotation), t));
    camera.translation = glm::mix(a.translation, b.translation, t);
    return camera;
}

Result<std::filesystem::path> motionInFolder(const std::filesystem::path& folder) {
    std::error_code code;
    const std::filesystem::path usual = folder / "motion.npz";
    if (std::filesystem::is_regular_file(usual, code))
        return usual;
    std::vector<std::filesystem::path> found;
    for (std::filesystem::directory_iterator it(folder, code), end; !code && it != end;
         it.increment(code)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with("motion") && name.ends_with(".npz"))
            found.push_back(it->path());
    }
    if (found.empty())
        return Error{ErrorCode::NotFound, "The folder " + folder.string() +
                                              " holds no motion: motion.npz is not there."};
    return *std::min_element(found.begin(), found.end());
}

} // namespace

Betas betasFor(const Motion& motion, const BodyModel& model) {
    return motion.betasOf == model.name ? motion.betas : Betas{};
}

Motion resampled(const Motion& motion, Rational fps) {
    if (motion.frames.empty() || fps == motion.fps || !(fps.value() > 0) ||
        !(motion.fps.value() > 0)) {
        Motion same = motion;
        if (fps.value() > 0)
            same.fps = fps;
        return same;
    }
    Motion result;
    result.fps = fps;
    result.betas = motion.betas;
    result.betasOf = motion.betasOf;
    const std::int64_t last = std::int64_t(motion.frames.size()) - 1;
    const double step = motion.fps.value() / fps.value(); // source frames per new frame
    const std::int64_t count = std::int64_t(std::floor(double(last) / step + 1e-6)) + 1;
    for (std::int64_t i = 0; i < count; ++i) {
        const double at = std::min(double(last), double(i) * step);
        const std::int64_t a = std::min<std::int64_t>(last, std::int64_t(at));
        const std::int64_t b = std::min(last, a + 1);
        const float t = float(at - double(a));
        result.frames.push_back(between(motion.frames[a], motion.frames[b], t));
        if (!motion.cameras.empty())
            result.cameras.push_back(between(motion.cameras[a], motion.cameras[b], t));
        if (!motion.confidence.empty())
            result.confidence.push_back(glm::mix(motion.confidence[a], motion.confidence[b], t));
    }
    return result;
}

Result<Motion> readMotion(const std::filesystem::path& path, const BodyModel& model) {
    std::error_code code;
    if (std::filesystem::is_directory(path, code)) {
        STRATA_ASSIGN(const std::filesystem::path inside, motionInFolder(path));
        return readAmass(inside);
    }
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return char(std::tolower(c)); });
    if (extension == ".bvh")
        return readBvh(path, model);
    if (extension == ".npz")
        return readAmass(path);
    return Error{ErrorCode::Usage,
                 "The motion " + path.string() +
                     " is neither a .bvh nor an .npz file nor a template folder."};
}

} // namespace strata
