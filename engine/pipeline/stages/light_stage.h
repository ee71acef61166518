// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/edit_layers.h"
#include "engine/pipeline/stages/stage_context.h"
#include "engine/synth/light.h"

namespace strata {

/// The light on the clip's person, estimated from frames spread over the clip.
Result<SceneLight> runLightStage(StageContext& context, EditLayers& layers);

} // namespace strata
