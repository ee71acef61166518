// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/decompose/scene/camera_path.h"
#include "engine/pipeline/stages/stage_context.h"

namespace strata {

/// The camera's step to every frame: camera.npz per chunk. `moving` is where nothing may be
/// tracked.
Result<StageResult> runCameraStage(StageContext& context, const std::string& movingKey,
                                   MaskSource& moving);
Result<CameraPath> readCameraPath(const StageResult& camera);

/// Inverse depth on one scale for the clip: depth.mkv per chunk.
Result<StageResult> runDepthStage(StageContext& context, const StageResult& camera,
                                  const CameraPath& path, MaskSource& moving);

/// What the layers and the plate are found from.
struct SceneStageInputs {
    const StageResult& steady;
    const StageResult& depth;
    const StageResult& camera;
    const StageResult& bodyFit;
    const StageResult& people;
    const CameraPath& path;
    const Motion& motion;
    int person = 0;
};

/// Human and occluder alpha: human.mkv and occluder.mkv per chunk.
Result<StageResult> runLayersStage(StageContext& context, const SceneStageInputs& inputs);

/// The clip without the person: plate.mkv per chunk.
Result<StageResult> runPlateStage(StageContext& context, const SceneStageInputs& inputs,
                                  const StageResult& layers);

} // namespace strata
