// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/edit_layers.h"
#include "engine/pipeline/stages/stage_context.h"

namespace strata {

/// The clip that a template folder shows: vid.mp4 at the rate and in the range of its config.json.
Result<std::unique_ptr<Clip>> openTemplateClip(const std::filesystem::path& folder);

/// The layers of a template. Written by Strata, it brings soft mattes and the fitted body; made by
/// the published tools, its binary mask serves as matte and the body is fitted to vid.mp4 here.
/// `context.clip` must come from openTemplateClip(folder).
Result<EditLayers> readTemplate(StageContext& context, const std::filesystem::path& folder);

} // namespace strata
