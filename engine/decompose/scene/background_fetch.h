// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/decompose/scene/depth_sweep.h"
#include "engine/decompose/scene/parallax_model.h"
#include "engine/decompose/scene/scene_reader.h"

#include <deque>

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
    struct Reference {
        std::int64_t index = -1;
        PlateFrame frame;
        cv::Mat gray;
        Homography map; // target -> this frame
    };
    Result<std::vector<Reference>> around(std::int64_t index, const JobContext& job);
    std::vector<std::size_t> choose(std::int64_t index, cv::Rect region, const cv::Mat& wanted,
                                    const std::vector<Reference>& references,
                                    const PointTracks& tracks, const ParallaxModel& model) const;
    Result<Reference> load(std::int64_t index);
    std::vector<cv::Point2f> pointsOf(const SceneView& target, const cv::Mat& gray,
                                      cv::Rect region) const;
    std::vector<cv::Point2f> look(const std::vector<cv::Point2f>& points,
                                  const std::vector<cv::Point2f>& expected, const cv::Mat& gray,
                                  const Reference& other, double farthest) const;
    void follow(std::int64_t index, const SceneView& target, cv::Rect region,
                const std::vector<Reference>& references, PointTracks& tracks,
                ParallaxModel& model) const;

    const PlateInputs& m_inputs;
    PlateOptions m_options;
    SceneReader m_reader;
    std::deque<Reference> m_recent;
    std::size_t m_keep; // frames in m_recent at most
};

} // namespace strata
