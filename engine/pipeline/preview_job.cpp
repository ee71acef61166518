// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/edit_drawing.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/job_requests.h"

namespace strata {
namespace {

std::vector<PlannedStage> planOf(const EditRequest& request) {
    std::vector<PlannedStage> plan = drawingPlan(request);
    plan.push_back({"preview", 0.25});
    return plan;
}

/// `show` counted from the first frame of the clip, which is number `first`.
Result<FrameRange> withinClip(const Clip& clip, std::int64_t first, FrameRange show) {
    const FrameRange within =
        FrameRange{show.begin - first, show.end - first}.intersected({0, clip.frameCount()});
    if (within.empty())
        return Error{ErrorCode::Usage, "The frames to show, " + std::to_string(show.begin) +
                                           " to " + std::to_string(show.end - 1) +
                                           ", are not among those of the edit."};
    return within;
}

} // namespace

Result<PreviewReport> runPreview(const PreviewRequest& request, const JobContext& context,
                                 const JobObserver& observer) {
    const EditRequest& edit = request.edit;
    STRATA_ASSIGN(const auto clip, openEditClip(edit));
    // What of a template's video counts is the template's business; its frames begin at 0.
    const std::int64_t first = edit.templateFolder.empty() ? clip->firstSourceFrame() : 0;
    STRATA_ASSIGN(const FrameRange show, withinClip(*clip, first, request.show));
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    Networks networks(store);
    STRATA_TRY(networks.available());
    STRATA_ASSIGN(const InstalledBody body, loadInstalledBody(edit.clip.body));
    STRATA_ASSIGN(const auto cache, CacheStore::open());
    STRATA_ASSIGN(StageRunner runner, StageRunner::create(*cache, planOf(edit), context, observer));
    StageContext stages{*clip, networks, body.model, body.key, runner};

    STRATA_ASSIGN(EditLayers layers, editLayers(stages, edit));
    STRATA_ASSIGN(const EditDrawing drawing, prepareDrawing(stages, edit, layers));
    networks.release();
    STRATA_ASSIGN(const StageResult shown, runPreviewStage(stages, drawing.inputs, show));
    return PreviewReport{shown.files(kPreviewFile)};
}

} // namespace strata
