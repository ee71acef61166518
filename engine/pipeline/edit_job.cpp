// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/decomposition.h"
#include "engine/pipeline/edit_drawing.h"
#include "engine/pipeline/edit_generated.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/job_requests.h"
#include "engine/pipeline/layer_repair.h"
#include "engine/pipeline/output_check.h"
#include "engine/pipeline/preview_sheet.h"

namespace strata {
namespace {

bool isGenerated(const EditRequest& request) { return request.generate && drawsPerson(request); }

std::vector<PlannedStage> planOf(const EditRequest& request) {
    if (!isGenerated(request)) {
        std::vector<PlannedStage> plan = drawingPlan(request);
        plan.push_back({"render", 0.25});
        return plan;
    }
    std::vector<PlannedStage> plan =
        request.generate->small ? drawingPlan(request) : decomposePlan();
    plan.push_back({"generate", request.generate->small ? 0.5 : 100});
    return plan;
}

Result<StageResult> generate(StageContext& context, const EditRequest& request, EditLayers& layers,
                             const InstalledGenerator& installed) {
    if (request.generate->small) {
        STRATA_ASSIGN(const EditDrawing drawing, prepareDrawing(context, request, layers));
        return runGeneratedEdit(
            context, request,
            {installed, layers, drawing.inputs.scene, {}, &drawing, drawing.inputs.keys});
    }
    std::vector<std::string> keys;
    STRATA_ASSIGN(const auto scene, otherScene(context.clip, request, keys));
    STRATA_ASSIGN(Motion driving, drivingMotion(context, request, layers, keys));
    repairLayers(request, context.clip.firstSourceFrame(), layers, keys);
    return runGeneratedEdit(
        context, request,
        {installed, layers, scene.get(), std::move(driving), nullptr, std::move(keys)});
}

Result<StageResult> render(StageContext& context, const EditRequest& request, EditLayers& layers) {
    STRATA_ASSIGN(const EditDrawing drawing, prepareDrawing(context, request, layers));
    context.networks.release();
    return runRenderStage(context, drawing.inputs);
}

} // namespace

Result<EditReport> runEdit(const EditRequest& request, const JobContext& context,
                           const JobObserver& observer) {
    STRATA_TRY(checkOutputFile(request.out));
    if (!request.preview.empty())
        STRATA_TRY(checkOutputFile(request.preview));
    STRATA_ASSIGN(const auto clip, openEditClip(request));
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    Networks networks(store);
    STRATA_TRY(networks.available());
    InstalledGenerator installed;
    if (isGenerated(request)) {
        STRATA_ASSIGN(installed, installedGenerator(store, request));
    }
    STRATA_ASSIGN(const InstalledBody body, loadInstalledBody(request.clip.body));
    STRATA_ASSIGN(const auto cache, CacheStore::open());
    STRATA_ASSIGN(StageRunner runner,
                  StageRunner::create(*cache, planOf(request), context, observer));
    StageContext stages{*clip, networks, body.model, body.key, runner};

    STRATA_ASSIGN(EditLayers layers, editLayers(stages, request));
    STRATA_ASSIGN(const StageResult rendered, isGenerated(request)
                                                  ? generate(stages, request, layers, installed)
                                                  : render(stages, request, layers));
    STRATA_ASSIGN(std::string note, joinRendered(stages, rendered, request.settings, request.out));
    if (!request.preview.empty())
        STRATA_TRY(writePreviewSheet(request.preview, *clip, request.out));
    return EditReport{request.out, request.preview, clip->frameCount(), std::move(note)};
}

} // namespace strata
