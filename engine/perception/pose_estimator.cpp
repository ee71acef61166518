// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/pose_estimator.h"

#include "engine/perception/checks.h"
#include "engine/perception/pose_landmarks.h"
#include "engine/perception/pose_region.h"
#include "engine/perception/tflite_network.h"

#include <cmath>

namespace strata {

struct PoseEstimator::Impl {
    TfliteNetwork network;
};

PoseEstimator::PoseEstimator(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
PoseEstimator::PoseEstimator(PoseEstimator&&) noexcept = default;
PoseEstimator& PoseEstimator::operator=(PoseEstimator&&) noexcept = default;
PoseEstimator::~PoseEstimator() = default;

Result<PoseEstimator> PoseEstimator::load(const std::filesystem::path& modelFile) {
    constexpr std::int64_t heatmap = kPoseHeatmapSide * kPoseHeatmapSide * kPosePoints;
    STRATA_ASSIGN(
        auto network,
        TfliteNetwork::load(modelFile, "BlazePose landmark network", kPoseSide,
                            {5 * kPosePoints, 1, kPoseSide * kPoseSide, heatmap, 3 * kPosePoints}));
    return PoseEstimator(std::make_unique<Impl>(Impl{std::move(network)}));
}

Result<PoseEstimator::Output> PoseEstimator::estimate(const ImageU8& rgb,
                                                      const PoseRegion& region) {
    STRATA_TRY(requireRgb(rgb, "Pose estimation"));
    if (!(region.side >= 1 && region.side <= 4 * kLargestSide) || !std::isfinite(region.angle) ||
        !(std::abs(region.center.x) < 4 * kLargestSide) ||
        !(std::abs(region.center.y) < 4 * kLargestSide))
        return Error{ErrorCode::Usage, "Pose estimation needs a region of finite size and place."};
    STRATA_ASSIGN(const auto outputs,
                  m_impl->network.run(cutRegion(rgb, region, kPoseSide, 0.f, 1.f)));
    Output output;
    output.region = region;
    output.pose = decodePose(outputs[0], outputs[3], outputs[4], region);
    output.pose.score = outputs[1].front();
    output.mask = ImageF(kPoseSide, kPoseSide, 1);
    for (std::size_t i = 0; i < output.mask.count(); ++i)
        output.mask.data()[i] = 1.f / (1.f + std::exp(-outputs[2][i]));
    return output;
}

} // namespace strata
