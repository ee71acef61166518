// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/perception/detections.h"

#include <filesystem>
#include <memory>

namespace strata {

/// BlazePose's heavy landmark network (pose_landmark_heavy.tflite) on a rotated square of the frame.
class PoseEstimator {
public:
    static Result<PoseEstimator> load(const std::filesystem::path& modelFile);
    PoseEstimator(PoseEstimator&&) noexcept;
    PoseEstimator& operator=(PoseEstimator&&) noexcept;
    ~PoseEstimator();

    struct Output {
        PersonPose pose;
        /// The network's body mask, 0..1, [256, 256, 1], in the frame of `region` (use regionToFrame).
        ImageF mask;
        PoseRegion region;
    };
    Result<Output> estimate(const ImageU8& rgb, const PoseRegion& region);

private:
    struct Impl;
    explicit PoseEstimator(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// The region's mask brought to the frame: [H, W, 1], 0..1, 0 outside the region.
ImageF regionMaskToFrame(const ImageF& mask, const PoseRegion& region, Size frame);

} // namespace strata
