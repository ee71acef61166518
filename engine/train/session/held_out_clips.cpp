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

#include <optional>

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

/// The networks at work on clips.
class Generator {
public:
    static Result<Generator> create(const HeldOutClips& wanted, const BodyModel& body) {
        STRATA_ASSIGN(TrainedNetworks trained,
                      trainedNetworks(wanted.networks, trainingBody(body), wanted.device));
        const auto& networks = trained.config.networks;
        IdentityTokens tokens;
        if (!networks.usesClip()) {
            STRATA_ASSIGN(tokens, encoderTokens(wanted.encoder, networks.tokens, wanted.device));
        }
        STRATA_ASSIGN(TrainingStep step,
                      TrainingStep::create(trained.config, trainingBody(body), std::move(tokens)));
        return Generator(std::move(trained), std::move(step),
                         {wanted.steps, wanted.guidance, kNoiseSeed});
    }

    Status draw(const TrainingClip& clip, HeldOutClip& out) {
        const bool corrects = m_trained.networks.config().denoiser.fromSketch;
        STRATA_ASSIGN(const auto coded, codedAndDecoded(m_trained.networks, clip.frames,
                                                        corrects ? clip.sketch : torch::Tensor()));
        out.frames[std::size_t(Drawer::Coder)] = imagesOf(coded);
        if (m_trained.config.stage == TrainingStage::Autoencoder)
            return ok();
        STRATA_ASSIGN(const auto drawn, sampledFrames(m_trained.networks, m_step, m_trained.config,
                                                      clip, m_settings));
        out.frames[std::size_t(Drawer::Generator)] = imagesOf(drawn);
        return ok();
    }

private:
    Generator(TrainedNetworks trained, TrainingStep step, SampleSettings settings)
        : m_trained(std::move(trained))
        , m_step(std::move(step))
        , m_settings(settings) {}

    TrainedNetworks m_trained;
    TrainingStep m_step;
    SampleSettings m_settings;
};

Result<HeldOutClip> drawn(const RenderedClip& clip, const BodyModel& body, Generator* generator,
                          const JobContext& job) {
    HeldOutClip out;
    out.truth = truthOf(clip, body);
    out.identity = clip.canonical.color;
    for (const auto& frame : clip.frames)
        out.frames[std::size_t(Drawer::Plate)].push_back(plateWithOccluder(frame));
    auto& mesh = out.frames[std::size_t(Drawer::Mesh)];
    STRATA_ASSIGN(mesh, meshDrawing(clip, body, job));
    if (!generator)
        return out;
    STRATA_ASSIGN(const TrainingClip given, trainingClip(clip, body, mesh));
    STRATA_TRY(generator->draw(given, out));
    return out;
}

} // namespace

Status drawHeldOutClips(const HeldOutClips& wanted, const HeldOutSink& sink,
                        const JobContext& job) {
    STRATA_ASSIGN(const TrainingAssets assets, TrainingAssets::load(wanted.assets, wanted.body));
    const nn::MemoryScope memory;
    std::optional<Generator> generator;
    if (!wanted.networks.empty()) {
        STRATA_ASSIGN(generator, Generator::create(wanted, assets.body));
    }
    const RenderClipOptions options{wanted.side / 8 * 8, wanted.frames, 0};
    for (int i = 0; i < wanted.clips; ++i) {
        if (job.stopRequested())
            return cancelled();
        const auto recipe =
            randomRecipe(assets, mixed(kClipSeed, std::uint64_t(i)), Split::HeldOut);
        STRATA_ASSIGN(const RenderedClip clip, renderClip(assets, recipe, options, job.stop));
        STRATA_ASSIGN(HeldOutClip out,
                      drawn(clip, assets.body, generator ? &*generator : nullptr, job));
        out.number = i;
        STRATA_TRY(sink(out));
        job.progress("clips", i + 1, wanted.clips);
    }
    return ok();
}

} // namespace strata
