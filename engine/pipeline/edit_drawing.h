// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/edit_layers.h"
#include "engine/pipeline/job_requests.h"
#include "engine/pipeline/scene_source.h"
#include "engine/pipeline/stages/identity_stage.h"
#include "engine/pipeline/stages/render_stage.h"
#include "engine/synth/mesh_synthesizer.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace strata {

/// Whether the person is another, moves otherwise or is to be drawn all the same.
bool drawsPerson(const EditRequest& request);

/// The stages of taking the clip apart and of prepareDrawing(), for a job's plan.
std::vector<PlannedStage> drawingPlan(const EditRequest& request);

/// The clip that an edit is made of: a video's chosen frames, or a template's.
Result<std::unique_ptr<Clip>> openEditClip(const EditRequest& request);
/// Its layers: taken apart, or read from the template.
Result<EditLayers> editLayers(StageContext& context, const EditRequest& request);

/// The scene that replaces the clip's; null when it stays. Its digest is added to `keys`.
Result<std::unique_ptr<SceneSource>> otherScene(const Clip& clip, const EditRequest& request,
                                                std::vector<std::string>& keys);
/// The new person: from the picture given, else the clip's own person where it is seen best.
Result<MadeIdentity> editIdentity(StageContext& context, const EditRequest& request,
                                  const EditLayers& layers);
/// The motion to perform: the clip's own, or the given one put in its place, whose digest is added
/// to `keys`.
Result<Motion> drivingMotion(StageContext& context, const EditRequest& request,
                             const EditLayers& layers, std::vector<std::string>& keys);

/// Everything that the frames of an edit are drawn from by the mesh synthesiser. `layers` must
/// outlive it.
struct EditDrawing {
    explicit EditDrawing(EditLayers& layers)
        : inputs(layers) {}

    std::unique_ptr<SceneSource> scene;
    std::optional<MadeIdentity> made; // where somebody is drawn
    std::unique_ptr<MeshSynthesizer> synthesizer;
    RenderInputs inputs; // points to the above
};
Result<EditDrawing> prepareDrawing(StageContext& context, const EditRequest& request,
                                   EditLayers& layers);

} // namespace strata
