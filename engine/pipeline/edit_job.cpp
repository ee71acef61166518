// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/decomposition.h"
#include "engine/pipeline/edit_generated.h"
#include "engine/pipeline/edit_layers.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/job_requests.h"
#include "engine/pipeline/output_check.h"
#include "engine/pipeline/preview_sheet.h"
#include "engine/pipeline/scene_source.h"
#include "engine/pipeline/stages/identity_stage.h"
#include "engine/pipeline/stages/leaving_person.h"
#include "engine/pipeline/stages/light_stage.h"
#include "engine/pipeline/stages/render_stage.h"
#include "engine/pipeline/template_reader.h"

#include "engine/core/sha256.h"
#include "engine/media/image_io.h"
#include "engine/synth/mesh_synthesizer.h"

namespace strata {
namespace {

bool isGenerated(const EditRequest& request) {
    return request.generate && (!request.identity.empty() || !request.motion.empty());
}

std::vector<PlannedStage> planOf(const EditRequest& request) {
    std::vector<PlannedStage> plan = decomposePlan();
    if (isGenerated(request)) {
        if (request.generate->small)
            plan.push_back({"identity", 0.05});
        plan.push_back({"generate", 100});
        return plan;
    }
    if (!request.identity.empty() || !request.motion.empty()) {
        plan.push_back({"identity", 0.05});
        plan.push_back({"light", 0.03});
    }
    plan.push_back({"render", 0.25});
    return plan;
}

Result<EditLayers> layersOf(StageContext& context, const EditRequest& request) {
    if (!request.templateFolder.empty())
        return readTemplate(context, request.templateFolder);
    STRATA_ASSIGN(Decomposition parts, decompose(context, request.clip.person));
    EditLayers layers;
    layers.matte =
        leavingPerson(parts.matteSource(), parts.occluderSource(), context.body, parts.motion);
    layers.human = parts.humanSource();
    layers.occluder = parts.occluderSource();
    layers.plate = parts.plateSource();
    layers.motion = std::move(parts.motion);
    layers.portraitFrame = parts.subject.portraitFrame;
    layers.key = parts.plate.key;
    return layers;
}

/// The picture the new person comes from: the one given, else the clip's own person where it is
/// seen best.
Result<MadeIdentity> identityOf(StageContext& context, const EditRequest& request,
                                const EditLayers& layers) {
    if (request.identity.empty()) {
        STRATA_ASSIGN(const auto portrait, context.clip.frame(layers.portraitFrame));
        return runIdentityStage(context, *portrait, context.clip.path().string(),
                                context.clip.digest() + std::to_string(layers.portraitFrame));
    }
    STRATA_ASSIGN(const ImageU8 picture, readImage(request.identity));
    STRATA_ASSIGN(const std::string digest, contentDigest(request.identity));
    return runIdentityStage(context, picture, request.identity.string(), digest);
}

Result<Motion> drivingMotion(StageContext& context, const EditRequest& request,
                             const EditLayers& layers, std::vector<std::string>& keys) {
    if (request.motion.empty())
        return layers.motion;
    STRATA_ASSIGN(const Motion replacement, readMotion(request.motion, context.body));
    STRATA_ASSIGN(std::string digest, contentDigest(request.motion));
    keys.push_back(std::move(digest));
    return placeMotion(context.body, layers.motion, replacement);
}

std::vector<double> frameSeconds(const Clip& clip) {
    std::vector<double> seconds;
    for (std::int64_t i = 0; i < clip.frameCount(); ++i)
        seconds.push_back(clip.seconds(i));
    return seconds;
}

Result<StageResult> renderGenerated(StageContext& context, const EditRequest& request,
                                    EditLayers& layers, const InstalledGenerator& installed,
                                    RenderInputs& inputs) {
    std::optional<MadeIdentity> made;
    if (request.generate->small) {
        STRATA_ASSIGN(made, identityOf(context, request, layers));
        inputs.keys.push_back("identity " + made->key);
    }
    STRATA_ASSIGN(Motion driving, drivingMotion(context, request, layers, inputs.keys));
    return runGeneratedEdit(context, request,
                            {installed, layers, inputs.scene, std::move(driving),
                             made ? &made->identity : nullptr, std::move(inputs.keys)});
}

Result<StageResult> render(StageContext& context, const EditRequest& request, EditLayers& layers,
                           const InstalledGenerator& installed) {
    RenderInputs inputs(layers);
    inputs.keepOccluder = request.keepOccluder;
    inputs.seed = request.seed;
    inputs.settings = request.settings;

    std::unique_ptr<SceneSource> scene;
    if (!request.scene.empty()) {
        STRATA_ASSIGN(scene, SceneSource::open(request.scene, context.clip.frameSize(),
                                               frameSeconds(context.clip)));
        inputs.scene = scene.get();
        inputs.keys.push_back("scene " + scene->digest());
    }

    if (isGenerated(request)) {
        return renderGenerated(context, request, layers, installed, inputs);
    }
    std::optional<MeshSynthesizer> synthesizer;
    if (!request.identity.empty() || !request.motion.empty()) {
        STRATA_ASSIGN(const MadeIdentity made, identityOf(context, request, layers));
        inputs.keys.push_back("identity " + made.key);
        STRATA_ASSIGN(const Motion driving, drivingMotion(context, request, layers, inputs.keys));
        inputs.motion = placeIdentity(context.body, driving, made.identity.betas);
        STRATA_ASSIGN(inputs.light, runLightStage(context, layers));
        STRATA_ASSIGN(synthesizer, MeshSynthesizer::create(context.body, made.identity));
        inputs.synthesizer = &*synthesizer;
    }
    context.networks.release();
    return runRenderStage(context, inputs);
}

} // namespace

Result<EditReport> runEdit(const EditRequest& request, const JobContext& context) {
    STRATA_TRY(checkOutputFile(request.out));
    if (!request.preview.empty())
        STRATA_TRY(checkOutputFile(request.preview));
    const bool fromTemplate = !request.templateFolder.empty();
    STRATA_ASSIGN(const auto clip, fromTemplate ? openTemplateClip(request.templateFolder)
                                                : Clip::open(request.clip));
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    Networks networks(store);
    STRATA_TRY(networks.available());
    InstalledGenerator installed;
    if (isGenerated(request)) {
        STRATA_ASSIGN(installed, installedGenerator(store, request));
    }
    STRATA_ASSIGN(const InstalledBody body, loadInstalledBody(request.clip.body));
    STRATA_ASSIGN(const auto cache, CacheStore::open());
    STRATA_ASSIGN(StageRunner runner, StageRunner::create(*cache, planOf(request), context));
    StageContext stages{*clip, networks, body.model, body.key, runner};

    STRATA_ASSIGN(EditLayers layers, layersOf(stages, request));
    STRATA_ASSIGN(const StageResult rendered, render(stages, request, layers, installed));
    STRATA_ASSIGN(std::string note, joinRendered(stages, rendered, request.settings, request.out));
    if (!request.preview.empty())
        STRATA_TRY(writePreviewSheet(request.preview, *clip, request.out));
    return EditReport{request.out, request.preview, clip->frameCount(), std::move(note)};
}

} // namespace strata
