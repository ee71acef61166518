// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/held_out_clips.h"

#include "engine/nn/guard.h"
#include "engine/nn/memory_scope.h"
#include "engine/train/session/body_motion.h"
#include "engine/train/session/encoder_tokens.h"
#include "engine/train/session/trained_networks.h"
#include "engine/train/trainer/mesh_drawing.h"
#include "engine/train/trainer/picture_tensors.h"
#include "engine/train/trainer/rendered_source.h"
#include "engine/train/trainer/sample_sheet.h"

namespace strata {
namespace {

// They decide which clips these are, so they stay as they are.
constexpr std::uint64_t kClipSeed = 20261129, kNoiseSeed = 42;

std::vector<ImageU8> imagesOf(const torch::Tensor& bytes) { // u8 [F, H, W, 3]
    std::vector<ImageU8> out;
    for (std::int64_t i = 0; i < bytes.size(0); ++i)
        out.push_back(imageOf(bytes[i]));
    return out;
}

TrueClip truthOf(const RenderedClip& clip, const BodyModel& body) {
    TrueClip out;
    for (std::size_t i = 0; i < clip.frames.size(); ++i) {
        out.frames.push_back(clip.frames[i].color);
        out.person.push_back(visibleHuman(clip.frames[i]));
        if (i + 1 < clip.frames.size())
            out.motion.push_back(bodyMotion(clip, body, i));
    }
    return out;
}

/// What tells trainings apart that lie side by side: "run" for run/networks.
std::string nameOf(const std::filesystem::path& networks) {
    const auto name = networks.filename();
    return (name == "networks" || name.empty() ? networks.parent_path().filename()
                                               : networks.stem())
        .string();
}

/// The networks at work on clips.
class Generator {
public:
    static Result<Generator> create(const HeldOutClips& wanted, std::size_t index,
                                    const BodyModel& body) {
        const auto& place = wanted.networks[index];
        STRATA_ASSIGN(TrainedNetworks trained,
                      trainedNetworks(place, trainingBody(body), wanted.device));
        const auto& networks = trained.config.networks;
        IdentityTokens tokens;
        if (!networks.usesClip()) {
            STRATA_ASSIGN(tokens, encoderTokens(wanted.encoder, networks.tokens, wanted.device));
        }
        STRATA_ASSIGN(TrainingStep step,
                      TrainingStep::create(trained.config, trainingBody(body), std::move(tokens)));
        const std::string name = wanted.networks.size() > 1 ? nameOf(place) : "generator";
        return Generator(name, std::move(trained), std::move(step),
                         {wanted.steps, wanted.guidance, kNoiseSeed});
    }

    Status code(const TrainingClip& clip, HeldOutClip& out) {
        const bool corrects = m_trained.networks.config().denoiser.fromSketch;
        STRATA_ASSIGN(const auto coded,
                      codedAndDecoded(m_trained.networks, clip.frames,
                                      corrects ? clip.sketch : torch::Tensor(), clip.scene));
        out.drawn.push_back({"coder", imagesOf(coded)});
        return ok();
    }

    Status draw(const TrainingClip& clip, HeldOutClip& out) {
        if (m_trained.config.stage == TrainingStage::Autoencoder)
            return ok();
        STRATA_ASSIGN(const auto drawn, sampledFrames(m_trained.networks, m_step, m_trained.config,
                                                      clip, m_settings));
        out.drawn.push_back({m_name, imagesOf(drawn)});
        return ok();
    }

private:
    Generator(std::string name, TrainedNetworks trained, TrainingStep step, SampleSettings settings)
        : m_name(std::move(name))
        , m_trained(std::move(trained))
        , m_step(std::move(step))
        , m_settings(settings) {}

    std::string m_name;
    TrainedNetworks m_trained;
    TrainingStep m_step;
    SampleSettings m_settings;
};

Result<HeldOutClip> drawn(const RenderedClip& clip, const BodyModel& body,
                          std::vector<Generator>& generators, const JobContext& job) {
    HeldOutClip out;
    out.truth = truthOf(clip, body);
    out.identity = identityPicture(clip);
    DrawnPerson& plate = out.drawn.emplace_back(DrawnPerson{"plate", {}});
    for (const auto& frame : clip.frames)
        plate.frames.push_back(plateWithOccluder(frame));
    DrawnPerson& mesh = out.drawn.emplace_back(DrawnPerson{"mesh", {}});
    STRATA_ASSIGN(mesh.frames, meshDrawing(clip, body, job));
    if (generators.empty())
        return out;
    STRATA_ASSIGN(const TrainingClip given, trainingClip(clip, body, mesh.frames));
    STRATA_TRY(generators.front().code(given, out));
    for (auto& generator : generators)
        STRATA_TRY(generator.draw(given, out));
    return out;
}

} // namespace

Status drawHeldOutClips(const HeldOutClips& wanted, const HeldOutSink& sink,
                        const JobContext& job) {
    STRATA_ASSIGN(const TrainingAssets assets, TrainingAssets::load(wanted.assets, wanted.body));
    const nn::MemoryScope memory;
    std::vector<Generator> generators;
    for (std::size_t i = 0; i < wanted.networks.size(); ++i) {
        STRATA_ASSIGN(Generator generator, Generator::create(wanted, i, assets.body));
        generators.push_back(std::move(generator));
    }
    const RenderClipOptions options{wanted.side / 8 * 8, wanted.frames, 1};
    for (int done = 0; done < wanted.clips; ++done) {
        if (job.stopRequested())
            return cancelled();
        const int i = wanted.first + done;
        const auto recipe =
            randomRecipe(assets, mixed(kClipSeed, std::uint64_t(i)), Split::HeldOut);
        STRATA_ASSIGN(const RenderedClip clip, renderClip(assets, recipe, options, job.stop));
        STRATA_ASSIGN(HeldOutClip out, drawn(clip, assets.body, generators, job));
        out.number = i;
        STRATA_TRY(sink(out));
        job.progress("clips", done + 1, wanted.clips);
    }
    return ok();
}

} // namespace strata
