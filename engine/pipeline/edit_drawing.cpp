// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/edit_drawing.h"

#include "engine/media/image_io.h"
#include "engine/pipeline/decomposition.h"
#include "engine/pipeline/layer_repair.h"
#include "engine/pipeline/stages/leaving_person.h"
#include "engine/pipeline/stages/light_stage.h"
#include "engine/pipeline/template_reader.h"

namespace strata {
namespace {

std::vector<double> frameSeconds(const Clip& clip) {
    std::vector<double> seconds;
    for (std::int64_t i = 0; i < clip.frameCount(); ++i)
        seconds.push_back(clip.seconds(i));
    return seconds;
}

} // namespace

bool drawsPerson(const EditRequest& request) {
    return request.redraw || !request.identity.empty() || !request.motion.empty();
}

std::vector<PlannedStage> drawingPlan(const EditRequest& request) {
    std::vector<PlannedStage> plan = decomposePlan();
    if (drawsPerson(request)) {
        plan.push_back({"identity", 0.05});
        plan.push_back({"light", 0.03});
    }
    return plan;
}

Result<std::unique_ptr<Clip>> openEditClip(const EditRequest& request) {
    return request.templateFolder.empty() ? Clip::open(request.clip)
                                          : openTemplateClip(request.templateFolder);
}

Result<EditLayers> editLayers(StageContext& context, const EditRequest& request) {
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

Result<std::unique_ptr<SceneSource>> otherScene(const Clip& clip, const EditRequest& request,
                                                std::vector<std::string>& keys) {
    if (request.scene.empty())
        return std::unique_ptr<SceneSource>();
    STRATA_ASSIGN(auto scene,
                  SceneSource::open(request.scene, clip.frameSize(), frameSeconds(clip)));
    keys.push_back("scene " + scene->digest());
    return scene;
}

Result<MadeIdentity> editIdentity(StageContext& context, const EditRequest& request,
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

Result<EditDrawing> prepareDrawing(StageContext& context, const EditRequest& request,
                                   EditLayers& layers) {
    EditDrawing drawing(layers);
    RenderInputs& inputs = drawing.inputs;
    inputs.keepOccluder = request.keepOccluder;
    inputs.personInFront = request.personInFront;
    inputs.seed = request.seed;
    inputs.settings = request.settings;
    STRATA_ASSIGN(drawing.scene, otherScene(context.clip, request, inputs.keys));
    inputs.scene = drawing.scene.get();
    if (!drawsPerson(request)) {
        repairLayers(request, context.clip.firstSourceFrame(), layers, inputs.keys);
        return drawing;
    }
    STRATA_ASSIGN(drawing.made, editIdentity(context, request, layers));
    const Identity& identity = drawing.made->identity;
    inputs.keys.push_back("identity " + drawing.made->key);
    STRATA_ASSIGN(const Motion driving, drivingMotion(context, request, layers, inputs.keys));
    inputs.motion = placeIdentity(context.body, driving, identity.betas);
    STRATA_ASSIGN(inputs.light, runLightStage(context, layers));
    repairLayers(request, context.clip.firstSourceFrame(), layers, inputs.keys);
    STRATA_ASSIGN(MeshSynthesizer synthesizer, MeshSynthesizer::create(context.body, identity));
    drawing.synthesizer = std::make_unique<MeshSynthesizer>(std::move(synthesizer));
    inputs.synthesizer = drawing.synthesizer.get();
    return drawing;
}

} // namespace strata
