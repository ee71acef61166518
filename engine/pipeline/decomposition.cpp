// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/decomposition.h"

#include "engine/pipeline/stages/fit_stage.h"
#include "engine/pipeline/stages/layer_files.h"
#include "engine/pipeline/stages/scene_stages.h"
#include "engine/pipeline/stages/subject_stages.h"

namespace strata {

std::unique_ptr<MaskSource> Decomposition::matteSource() const {
    return maskLayer(steady, "alpha.mkv", size);
}
std::unique_ptr<MaskSource> Decomposition::humanSource() const {
    return maskLayer(layers, "human.mkv", size);
}
std::unique_ptr<MaskSource> Decomposition::occluderSource() const {
    return maskLayer(layers, "occluder.mkv", size);
}
std::unique_ptr<DepthSource> Decomposition::depthSource() const {
    return depthLayer(depth, "depth.mkv", size);
}
std::unique_ptr<ColorSource> Decomposition::plateSource() const {
    return colorLayer(plate, "plate.mkv", size);
}

std::vector<PlannedStage> decomposePlan() {
    return {{"people", 0.1}, {"matte", 0.35}, {"steady", 0.1},  {"camera", 0.03},
            {"depth", 0.6},  {"body", 0.05},  {"layers", 0.15}, {"plate", 0.9}};
}

Result<Decomposition> decompose(StageContext& context, std::optional<int> person) {
    Decomposition result;
    result.size = context.clip.frameSize();
    STRATA_ASSIGN(result.people, runPeopleStage(context));
    STRATA_ASSIGN(const SubjectSurvey survey, surveyPeople(result.people, result.size));
    result.everyone = survey.people();
    const auto chosen = survey.choose(person);
    if (const auto& tell = context.runner.observer().people)
        tell(result.everyone, chosen ? std::optional(chosen->id) : std::nullopt);
    if (!chosen)
        return chosen.error();
    result.subject = *chosen;
    const int id = result.subject.id;

    STRATA_ASSIGN(result.matte, runMatteStage(context, result.people, id));
    STRATA_ASSIGN(result.steady, runSteadyStage(context, result.matte));

    const auto moving = unionOf(result.matteSource(), otherPeople(result.people, id, result.size));
    STRATA_ASSIGN(result.camera, runCameraStage(context, result.steady.key, *moving));
    STRATA_ASSIGN(result.cameraPath, readCameraPath(result.camera));
    STRATA_ASSIGN(result.depth, runDepthStage(context, result.camera, result.cameraPath, *moving));

    STRATA_ASSIGN(FittedBody fitted, runFitStage(context, result.people, id));
    result.bodyFit = fitted.stage;
    result.motion = std::move(fitted.motion);
    result.fitError = fitted.error;
    result.fitAcceleration = fitted.acceleration;

    const SceneStageInputs inputs{result.steady, result.depth,      result.camera, result.bodyFit,
                                  result.people, result.cameraPath, result.motion, id};
    STRATA_ASSIGN(result.layers, runLayersStage(context, inputs));
    STRATA_ASSIGN(result.plate, runPlateStage(context, inputs, result.layers));
    context.networks.release();
    return result;
}

} // namespace strata
