// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/mimo/mimo_config.h"
#include "engine/pipeline/edit_drawing.h"
#include "engine/pipeline/edit_layers.h"
#include "engine/pipeline/job_requests.h"
#include "engine/pipeline/stages/stage_context.h"
#include "engine/synth/mimo/mimo_files.h"

#include <string>
#include <vector>

namespace strata {

/// The installed files of a generator.
struct InstalledGenerator {
    MimoFiles files;
    nn::MimoConfig networks;
    std::filesystem::path colors; // of the motion code; empty where the template brings pictures
    std::filesystem::path codes;  // learnt ones instead of colours; empty for the published
    std::vector<std::filesystem::path> further; // files that decide about the result, too
};

/// The first file that is missing is said in one sentence; asked before any work begins.
Result<InstalledGenerator> installedGenerator(const ModelStore& store, const EditRequest& request);

/// What an edit has prepared by then.
struct GeneratedEdit {
    const InstalledGenerator& installed;
    EditLayers& layers;
    ColorSource* scene = nullptr; // another scene; null: the clip's own
    Motion driving;
    /// What the mesh synthesiser would draw, for our own generator, which goes out from there.
    const EditDrawing* drawing = nullptr;
    std::vector<std::string> keys; // of scene, driving and drawing
};

/// The edit with `request.generate` in place of the mesh synthesiser.
Result<StageResult> runGeneratedEdit(StageContext& context, const EditRequest& request,
                                     GeneratedEdit edit);

} // namespace strata
