// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/generate_stage.h"

#include "engine/media/video_writer.h"
#include "engine/pipeline/stages/render_stage.h"

namespace strata {
namespace {

AssemblyLayers assemblyLayers(StageContext& context, const GenerateInputs& inputs) {
    AssemblyLayers layers;
    layers.scene = inputs.scene ? inputs.scene : inputs.layers.plate.get();
    layers.video = &context.clip;
    layers.occluder = inputs.keepOccluder ? inputs.layers.occluder.get() : nullptr;
    // In another scene none of the video's pixels stay.
    layers.oldPerson = inputs.scene ? nullptr : inputs.layers.matte.get();
    return layers;
}

Status generate(StageContext& context, const GenerateInputs& inputs, const StageChunk& chunk,
                const JobContext& job) {
    STRATA_ASSIGN(const auto backend, inputs.networks());
    if (job.stopRequested())
        return cancelled();
    GeneratorSettings settings = inputs.generator;
    settings.layer.transfer = transferOf(context.clip.info());
    ClipGenerator generator(*backend, settings);
    STRATA_TRY(generator.setReference(inputs.character, job.stop));
    auto options = segmentOptions(context.clip, inputs.settings);
    options.bitDepth = 8;
    STRATA_ASSIGN(const auto writer, VideoWriter::open(chunk.folder / "segment.mp4", options));
    // Of what is reported only the denoising counts: it takes nearly all of the time.
    const JobContext shown{job.stop, [&job](const Progress& progress) {
                               if (progress.stage == "denoise")
                                   job.progress("", progress.done, progress.total);
                           }};
    STRATA_TRY(
        generator.generate({inputs.motion, assemblyLayers(context, inputs)}, *writer, shown));
    return writer->finish();
}

} // namespace

Result<StageResult> runGenerateStage(StageContext& context, const GenerateInputs& inputs) {
    const SamplerSettings& sampler = inputs.generator.sampler;
    StageSpec spec = context.spec("generate", 1);
    spec.chunkLength = 0; // windows of frames see each other
    spec.params = {{"codec", inputs.settings.codec},         {"crf", inputs.settings.crf},
                   {"preset", inputs.settings.preset},       {"seed", inputs.generator.seed},
                   {"size", inputs.generator.picture.width}, {"steps", sampler.steps},
                   {"guidance", sampler.guidance},           {"release", inputs.generator.release},
                   {"occluder", inputs.keepOccluder}};
    spec.inputs.push_back(inputs.layers.key);
    spec.inputs.insert(spec.inputs.end(), inputs.keys.begin(), inputs.keys.end());
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return generate(context, inputs, chunk, job);
    });
}

} // namespace strata
