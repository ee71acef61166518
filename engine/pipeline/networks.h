// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/models/model_store.h"
#include "engine/perception/depth_estimator.h"
#include "engine/perception/inpainter.h"
#include "engine/perception/matting.h"
#include "engine/perception/person_detector.h"
#include "engine/perception/pose_estimator.h"

#include <map>
#include <memory>
#include <string>

namespace strata {

/// Where the files of the networks lie.
struct NetworkFiles {
    std::filesystem::path detector, pose, matting, depth, inpainter;
};

/// The perception networks, loaded when first needed and kept until release(). One thread at a
/// time.
class Networks {
public:
    explicit Networks(const ModelStore& store)
        : m_store(store) {}

    Result<PersonDetector*> detector();
    Result<PoseEstimator*> pose();
    Result<Matting*> matting();
    Result<DepthEstimator*> depth();
    Result<Inpainter*> inpainter();

    /// Frees all networks.
    void release();

    /// Identifies a model's files in cache keys; empty for an unknown model.
    std::string digest(const std::string& id) const;

    /// The first missing or damaged model, as one sentence; asked before any work begins.
    Status available() const;

    Result<NetworkFiles> files() const;

private:
    const ModelStore& m_store;
    std::unique_ptr<PersonDetector> m_detector;
    std::unique_ptr<PoseEstimator> m_pose;
    std::unique_ptr<Matting> m_matting;
    std::unique_ptr<DepthEstimator> m_depth;
    std::unique_ptr<Inpainter> m_inpainter;
};

} // namespace strata
