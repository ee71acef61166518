// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/generate_stage.h"

#include "engine/media/video_writer.h"
#include "engine/pipeline/bench_probes.h"
#include "engine/pipeline/sampler_checkpoints.h"
#include "engine/pipeline/stages/render_stage.h"

#include <algorithm>
#include <optional>

namespace strata {
namespace {

AssemblyLayers assemblyLayers(StageContext& context, const GenerateInputs& inputs) {
    AssemblyLayers layers;
    layers.scene = inputs.scene ? inputs.scene : inputs.layers.plate.get();
    layers.video = &context.clip;
    layers.humanInFront = inputs.personInFront;
    layers.occluder = inputs.keepOccluder ? inputs.layers.occluder.get() : nullptr;
    // In another scene none of the video's pixels stay.
    layers.oldPerson = inputs.scene ? nullptr : inputs.layers.matte.get();
    return layers;
}

/// Some frames spread over a run, as they look by now.
void showDraft(DenoiserBackend& backend, const GenerateInputs& inputs, const FrameStack& clean,
               std::stop_token stop) {
    constexpr int kShown = 6;
    const int count = std::min(kShown, clean.frames());
    FrameStack some(count, clean.shape());
    std::vector<int> numbers;
    for (int k = 0; k < count; ++k) {
        numbers.push_back((2 * k + 1) * clean.frames() / (2 * count));
        std::ranges::copy(clean.frame(numbers.back()), some.frame(k).begin());
    }
    // A draft that fails is no reason to stop.
    if (const auto pictures = backend.decodeDraft(some, stop))
        inputs.draft(*pictures, numbers);
}

/// Saves where each run is, and shows drafts, now and then.
GeneratorHooks hooksOf(DenoiserBackend& backend, const GenerateInputs& inputs,
                       SamplerCheckpoints& checkpoints, int& runs, std::stop_token stop) {
    GeneratorHooks hooks;
    hooks.sampler = [&backend, &inputs, &checkpoints, &runs, stop](int run) {
        runs = std::max(runs, run + 1);
        SamplerHooks sampler;
        if (inputs.draft)
            sampler.preview = [&backend, &inputs, stop, last = std::optional<Stopwatch>()](
                                  const SamplerPosition&, const FrameStack& clean) mutable {
                if (last && last->seconds() < inputs.draftSeconds)
                    return;
                last.emplace();
                showDraft(backend, inputs, clean, stop);
            };
        sampler.save = [&checkpoints, saveSeconds = inputs.saveSeconds, run,
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
    ClipGenerator generator(*backend, settings,
                            hooksOf(*backend, inputs, checkpoints, runs, job.stop));
    STRATA_TRY(inputs.square.empty()
                   ? generator.setReference(inputs.character, job.stop)
                   : generator.setReference(inputs.square, inputs.tokens, job.stop));
    auto options = segmentOptions(context.clip, inputs.settings);
    options.bitDepth = 8;
    STRATA_ASSIGN(const auto writer, VideoWriter::open(chunk.folder / "segment.mp4", options));
    // Of what is reported only the denoising counts: it takes nearly all of the time.
    const JobContext shown{job.stop, [&job](const Progress& progress) {
                               if (progress.stage == "denoise")
                                   job.progress("", progress.done, progress.total);
                           }};
    STRATA_TRY(generator.generate(
        {inputs.motion, assemblyLayers(context, inputs), inputs.body, inputs.sketch}, *writer,
        shown));
    STRATA_TRY(writer->finish());
    checkpoints.forget(runs);
    return ok();
}

} // namespace

Result<StageResult> runGenerateStage(StageContext& context, const GenerateInputs& inputs) {
    const SamplerSettings& sampler = inputs.generator.sampler;
    StageSpec spec = context.spec("generate", 2);
    spec.chunkLength = 0; // windows of frames see each other
    spec.params = {{"codec", inputs.settings.codec},
                   {"crf", inputs.settings.crf},
                   {"preset", inputs.settings.preset},
                   {"seed", inputs.generator.seed},
                   {"size", inputs.generator.picture.width},
                   {"steps", sampler.steps},
                   {"guidance", sampler.guidance},
                   {"guideFrom", sampler.guideFrom},
                   {"guideTo", sampler.guideTo},
                   {"release", inputs.generator.release},
                   {"occluder", inputs.keepOccluder},
                   {"personInFront", inputs.personInFront},
                   {"takesOccluder", inputs.generator.takesOccluder}};
    spec.inputs.push_back(inputs.layers.key);
    spec.inputs.insert(spec.inputs.end(), inputs.keys.begin(), inputs.keys.end());
    const std::string key = stageKey(spec);
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return generate(context, inputs, key, chunk, job);
    });
}

} // namespace strata
