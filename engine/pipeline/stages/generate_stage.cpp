// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/generate_stage.h"

#include "engine/media/video_writer.h"
#include "engine/pipeline/bench_probes.h"
#include "engine/pipeline/pass_progress.h"
#include "engine/pipeline/sampler_checkpoints.h"
#include "engine/pipeline/stages/render_stage.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

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

/// The networks, loaded for the first chunk and kept for the others.
class Generation {
public:
    Generation(StageContext& context, const GenerateInputs& inputs, std::string key)
        : m_context(context)
        , m_inputs(inputs)
        , m_key(std::move(key)) {}

    Status run(const StageChunk& chunk, const JobContext& job) {
        STRATA_TRY(prepare(job));
        GeneratorSettings settings = m_inputs.generator;
        settings.layer.transfer = transferOf(m_context.clip.info());
        SamplerCheckpoints checkpoints(m_context.runner.cache(),
                                       m_key + " " + std::to_string(chunk.index));
        int runs = 0;
        ClipGenerator generator(*m_backend, settings,
                                hooksOf(*m_backend, m_inputs, checkpoints, runs, job.stop));
        auto options = segmentOptions(m_context.clip, m_inputs.settings);
        if (!m_inputs.deepSketch)
            options.bitDepth = 8;
        STRATA_ASSIGN(const auto writer, VideoWriter::open(chunk.folder / "segment.mp4", options));
        PassProgress passes(job, chunk.range.size(), settings.sampler.steps);
        const JobContext shown{job.stop, std::ref(passes)};
        STRATA_TRY(
            generator.generate({m_inputs.motion, assemblyLayers(m_context, m_inputs), m_inputs.body,
                                m_inputs.sketch, m_inputs.deepSketch, writer.get()},
                               *writer, shown, chunk.range));
        STRATA_TRY(writer->finish());
        checkpoints.forget(runs);
        return ok();
    }

private:
    /// Loads the networks and shows them who is to be seen, once.
    Status prepare(const JobContext& job) {
        if (m_backend)
            return ok();
        STRATA_ASSIGN(auto backend, m_inputs.networks());
        if (job.stopRequested())
            return cancelled();
        ClipGenerator generator(*backend, m_inputs.generator);
        STRATA_TRY(m_inputs.square.empty()
                       ? generator.setReference(m_inputs.character, job.stop)
                       : generator.setReference(m_inputs.square, m_inputs.tokens, job.stop));
        m_backend = std::move(backend);
        return ok();
    }

    StageContext& m_context;
    const GenerateInputs& m_inputs;
    std::string m_key;
    std::unique_ptr<DenoiserBackend> m_backend;
};

} // namespace

Result<StageResult> runGenerateStage(StageContext& context, const GenerateInputs& inputs) {
    const SamplerSettings& sampler = inputs.generator.sampler;
    StageSpec spec = context.spec("generate", 3);
    // Windows of frames see each other. Where sketches are corrected that stays within a clip of
    // the greatest length, and what an interrupted run repeats does, too.
    spec.chunkLength = inputs.generator.takesSketch ? inputs.generator.roi.longestClip : 0;
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
    Generation generation(context, inputs, stageKey(spec));
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return generation.run(chunk, job);
    });
}

} // namespace strata
