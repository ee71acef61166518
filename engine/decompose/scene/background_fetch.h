// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/decompose/scene/depth_sweep.h"
#include "engine/decompose/scene/frame_depth.h"
#include "engine/decompose/scene/parallax_model.h"
#include "engine/decompose/scene/point_following.h"
#include "engine/decompose/scene/scene_reader.h"

#include <deque>
#include <memory>

namespace strata {

/// Looks up what a person hides in other frames of a moving camera, exact to parts of a pixel: the
/// background is taken as several planes that move differently, each pixel is fetched straight
/// from the original frames, once. Keeps a bounded number of frames; what it answers does not
/// depend on what it was asked before.
class BackgroundFetch {
public:
    /// Both must outlive this.
    BackgroundFetch(const PlateInputs& inputs, const PlateOptions& options);

    /// Whether the camera moves between this frame and those round it: otherwise nothing is to be
    /// gained.
    bool isMoving(std::int64_t index) const;

    /// `wanted` (255) and the answer are of `region`'s size. The count is 0 where no frame shows
    /// the background, everywhere when too little background could be followed.
    Result<SweptView> fetch(std::int64_t index, const SceneView& target, cv::Rect region,
                            const cv::Mat& wanted, const JobContext& job);

private:
    Result<std::vector<ReferenceFrame>> around(std::int64_t index, const JobContext& job);
    std::vector<std::size_t> choose(std::int64_t index, cv::Rect region, const cv::Mat& wanted,
                                    const std::vector<ReferenceFrame>& references,
                                    const PointTracks& tracks, const ParallaxModel& model) const;
    Result<ReferenceFrame> load(std::int64_t index);

    Result<std::shared_ptr<const FrameDepth>> depthOf(std::int64_t index, const JobContext& job);

    const PlateInputs& m_inputs;
    PlateOptions m_options;
    SceneReader m_reader;
    std::deque<ReferenceFrame> m_recent;
    std::deque<std::shared_ptr<const FrameDepth>> m_depths;
    std::size_t m_keep; // frames in m_recent at most
};

} // namespace strata
