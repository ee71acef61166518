// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/networks.h"

namespace strata {
namespace {

struct Needed {
    const char* id;
    const char* file;
};
constexpr Needed kDetector{"blazepose", "pose_detection.tflite"};
constexpr Needed kPose{"blazepose", "pose_landmark_heavy.tflite"};
constexpr Needed kMatting{"modnet", "model.onnx"};
constexpr Needed kDepth{"depth_anything_v2_small", "model.mil"};
constexpr Needed kDepthWeights{"depth_anything_v2_small", "weight.bin"};
constexpr Needed kInpainter{"migan", "migan_pipeline_v2.onnx"};

template <typename Network>
Result<Network*> loaded(std::unique_ptr<Network>& slot, const ModelStore& store,
                        const Needed& needed) {
    if (!slot) {
        STRATA_ASSIGN(const auto path, store.file(needed.id, needed.file));
        STRATA_ASSIGN(Network network, Network::load(path));
        slot = std::make_unique<Network>(std::move(network));
    }
    return slot.get();
}

} // namespace

Result<PersonDetector*> Networks::detector() { return loaded(m_detector, m_store, kDetector); }
Result<PoseEstimator*> Networks::pose() { return loaded(m_pose, m_store, kPose); }
Result<Matting*> Networks::matting() { return loaded(m_matting, m_store, kMatting); }
Result<DepthEstimator*> Networks::depth() { return loaded(m_depth, m_store, kDepth); }
Result<Inpainter*> Networks::inpainter() { return loaded(m_inpainter, m_store, kInpainter); }

void Networks::release() {
    m_detector.reset();
    m_pose.reset();
    m_matting.reset();
    m_depth.reset();
    m_inpainter.reset();
}

std::string Networks::digest(const std::string& id) const {
    std::string all;
    for (const auto& manifest : m_store.manifests())
        if (manifest.id == id)
            for (const auto& file : manifest.files)
                all += file.sha256;
    return all;
}

Status Networks::available() const {
    for (const Needed& needed : {kDetector, kPose, kMatting, kDepth, kDepthWeights, kInpainter})
        STRATA_TRY(m_store.file(needed.id, needed.file));
    return ok();
}

Result<NetworkFiles> Networks::files() const {
    NetworkFiles files;
    STRATA_ASSIGN(files.detector, m_store.file(kDetector.id, kDetector.file));
    STRATA_ASSIGN(files.pose, m_store.file(kPose.id, kPose.file));
    STRATA_ASSIGN(files.matting, m_store.file(kMatting.id, kMatting.file));
    STRATA_ASSIGN(files.depth, m_store.file(kDepth.id, kDepth.file));
    STRATA_ASSIGN(files.inpainter, m_store.file(kInpainter.id, kInpainter.file));
    return files;
}

} // namespace strata
