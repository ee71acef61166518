// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/decompose/scene/background_fetch.h"
#include "engine/decompose/scene/scene_reader.h"

namespace strata {

/// A whole frame without people. `known`: 255 = seen in the clip, 128 = invented, 0 = nobody asked
/// what is behind a thing in front.
struct CleanFrame {
    std::int64_t index = -1;
    cv::Mat rgb;
    cv::Mat known;
};

/// Makes clean frames: what a person hides is looked up in frames near in time, then in the clean
/// frame made before, then in frames further on, and invented last.
class CleanFrameMaker {
public:
    /// All must outlive this; `fetcher` is asked behind moving cameras.
    CleanFrameMaker(const PlateInputs& inputs, const PlateOptions& options,
                    BackgroundFetch& fetcher);

    /// `before` may be null: the first of its shot.
    Result<CleanFrame> make(std::int64_t index, const CleanFrame* before, const JobContext& job);

private:
    struct Work;
    Result<bool> gatherMoving(Work& work, const JobContext& job);
    Status gatherNear(Work& work, const JobContext& job);
    void takeFromBefore(Work& work, const CleanFrame& before, int knownAtLeast);
    Status gatherFar(Work& work, bool backwards, const JobContext& job);
    Status invent(Work& work);

    const PlateInputs& m_inputs;
    PlateOptions m_options;
    BackgroundFetch& m_fetcher;
    SceneReader m_reader;
};

} // namespace strata
