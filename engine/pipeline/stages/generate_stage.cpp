// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/generate_stage.h"

#include "engine/media/video_writer.h"
#include "engine/pipeline/bench_probes.h"
#include "engine/pipeline/sampler_checkpoints.h"
#include "engine/pipeline/stages/render_stage.h"

#include <algorithm>

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

/// Saves where each run is, now and then.
GeneratorHooks hooksOf(SamplerCheckpoints& checkpoints, double saveSeconds, int& runs) {
    GeneratorHooks hooks;
    hooks.sampler = [&checkpoints, saveSeconds, &runs](int run) {
        runs = std::max(runs, run + 1);
        SamplerHooks sampler;
        sampler.save = [&checkpoints, saveSeconds, run,
                        watch = Stopwatch()](const SamplerState& state) mutable {
            if (watch.seconds() < saveSeconds)
                return ok();
            watch = {};
            return checkpoints.save(run, state);
        };
        return sampler;
    };
    hooks.saved = [&checkpoints](int run) { return checkpoints.last(run); };
    return hooks;
}

Status generate(StageContext& context, const GenerateInputs& inputs, const std::string& key,
                const StageChunk& chunk, const JobContext& job) {
    STRATA_ASSIGN(const auto backend, inputs.networks());
    if (job.stopRequested())
        return cancelled();
    GeneratorSettings settings = inputs.generator;
    settings.layer.transfer = transferOf(context.clip.info());
    SamplerCheckpoints checkpoints(context.runner.cache(), key);
    int runs = 0;
    ClipGenerator generator(*backend, settings, hooksOf(checkpoints, inputs.saveSeconds, runs));
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
    STRATA_TRY(writer->finish());
    checkpoints.forget(runs);
    return ok();
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
    const std::string key = stageKey(spec);
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return generate(context, inputs, key, chunk, job);
    });
}

} // namespace strata
