// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/body/camera.h"
#include "engine/core/time.h"

#include <filesystem>
#include <string>
#include <vector>

namespace strata {

/// Motion of one person. Without cameras it lives in the world (y up, as the body); with one camera
/// per frame the poses are in the frame of that camera's world and cameras[i] looks at frame i.
struct Motion {
    Rational fps{30};
    Betas betas{};
    std::vector<BodyPose> frames;
    std::vector<Camera> cameras;   // empty or one per frame
    std::vector<float> confidence; // empty or one per frame, 0..1; 0 = not seen, pose interpolated
    /// BodyModel::name of the body that `betas` belong to; betas mean nothing for another one.
    /// Empty = unknown.
    std::string betasOf;
};

/// `motion.betas` where they belong to `model`, else the mean shape.
Betas betasFor(const Motion& motion, const BodyModel& model);

/// AMASS .npz: poses [T, 72 | 156 | 165] (or root_orient + pose_body), trans [T,3], betas [>=10],
/// mocap_framerate. AMASS is z-up; it is turned to y-up on reading and back on writing (up to a
/// shift of a few centimetres, since the pelvis of the file's body is not known). Our own extra
/// fields (cameras, confidence, hands) are kept under the prefix `strata_`, and with cameras the
/// frame is left as it is.
Result<Motion> readAmass(const std::filesystem::path& path);
Status writeAmass(const std::filesystem::path& path, const Motion& motion);

/// BVH of any skeleton, retargeted onto `model` by joint names (CMU, Mixamo-like, Rokoko, Animated
/// Drawings).
Result<Motion> readBvh(const std::filesystem::path& path, const BodyModel& model);

/// Reads by content and extension: .bvh, .npz, or a folder that holds `motion.npz` (or else the
/// first `motion*.npz` by name).
Result<Motion> readMotion(const std::filesystem::path& path, const BodyModel& model);

/// Resampled to another rate: rotations by slerp, translations and cameras linearly. Frame i of the
/// result shows the time i / fps; the last frame is the last one that lies within the source.
Motion resampled(const Motion& motion, Rational fps);

} // namespace strata
