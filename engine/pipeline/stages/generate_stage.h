// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/edit_layers.h"
#include "engine/pipeline/stages/stage_context.h"
#include "engine/synth/diffusion/clip_generator.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace strata {

/// What the generator makes a clip from.
struct GenerateInputs {
    explicit GenerateInputs(EditLayers& from)
        : layers(from) {}

    EditLayers& layers;
    ColorSource* scene = nullptr;  // another scene; null: the clip's own
    ColorSource* motion = nullptr; // pictures of the motion code
    ImageU8 character;             // RGB with matte, to be cut out
    ImageU8 square;                // or, instead, the finished picture of the person on white
    FrameStack tokens;             // of that picture (ReferenceInput)
    BodyPictures* body = nullptr;  // see GeneratorInputs
    ColorSource* sketch = nullptr; // the same
    DeepColorSource* deepSketch = nullptr; // where the clip has more than 8 bits; the same
    /// Loads the networks; called only when the clip has not been generated yet.
    std::function<Result<std::unique_ptr<DenoiserBackend>>()> networks;
    GeneratorSettings generator;
    bool keepOccluder = true, personInFront = false;
    ExportSettings settings;
    double saveSeconds = 20; // between two saved states: what an interrupted run repeats at most
    /// Is given drafts of some pictures of a run (0..1, small) and their numbers while it is on its
    /// way, not more often than every `draftSeconds`. May be empty.
    std::function<void(const FrameStack& pictures, const std::vector<int>& frames)> draft;
    double draftSeconds = 5;
    std::vector<std::string> keys; // of everything above that is neither settings nor in layers.key
};

/// Generates, composites and encodes the clip, as one piece unless sketches are corrected:
/// segment.mp4 per chunk, to be given to joinRendered(). It has as many bits as the clip with a
/// sketch of that depth, otherwise 8.
Result<StageResult> runGenerateStage(StageContext& context, const GenerateInputs& inputs);

} // namespace strata
