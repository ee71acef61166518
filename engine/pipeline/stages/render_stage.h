// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/media/video_writer.h"
#include "engine/pipeline/edit_layers.h"
#include "engine/pipeline/stages/stage_context.h"
#include "engine/synth/compositor.h"
#include "engine/synth/person_placement.h"

#include <memory>
#include <optional>

namespace strata {

/// How the clip's values are encoded.
Transfer transferOf(const VideoInfo& info);
/// How a segment of the edited clip is written: as the clip, with the wanted codec and quality.
VideoWriterOptions segmentOptions(const Clip& clip, const ExportSettings& settings);

/// What is put together into the edited clip.
struct RenderInputs {
    explicit RenderInputs(EditLayers& from)
        : layers(from) {}

    EditLayers& layers;
    ColorSource* scene = nullptr;       // another scene; null: the clip's own
    Synthesizer* synthesizer = nullptr; // who draws the person; null: the clip's own pixels
    std::optional<PlacedMotion> motion; // needed with a synthesiser
    SceneLight light;
    bool keepOccluder = true, personInFront = false;
    std::uint64_t seed = 42;
    ExportSettings settings;
    std::vector<std::string> keys; // of everything above that is not in layers.key
};

/// The frames of the same with 8 bits, drawn when they are asked for. `context` and `inputs` must
/// outlive them.
std::unique_ptr<ColorSource> drawnFrames(StageContext& context, const RenderInputs& inputs);
/// In as many bits as the clip has, when that are more than 8.
std::unique_ptr<DeepColorSource> deepDrawnFrames(StageContext& context, const RenderInputs& inputs);
/// Frames of more bits with 8. `deep` must outlive it.
std::unique_ptr<ColorSource> narrowedFrames(DeepColorSource& deep);

/// Draws, composites and encodes: segment.mp4 per chunk, to be joined.
Result<StageResult> runRenderStage(StageContext& context, const RenderInputs& inputs);

/// The frames `show` of the same, unencoded: kPreviewFile in a chunk for each frame.
Result<StageResult> runPreviewStage(StageContext& context, const RenderInputs& inputs,
                                    FrameRange show);
inline constexpr const char* kPreviewFile = "frame.png";

/// Joins the segments of runRenderStage into the final file, with the clip's sound when the
/// settings say so. Returns why the sound could not be kept, mostly nothing.
Result<std::string> joinRendered(StageContext& context, const StageResult& rendered,
                                 const ExportSettings& settings, const std::filesystem::path& out);

} // namespace strata
