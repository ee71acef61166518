// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/coder_rounds.h"

#include "engine/train/session/trained_networks.h"
#include "engine/train/trainer/picture_tensors.h"
#include "engine/train/trainer/rendered_source.h"
#include "engine/train/trainer/sample_sheet.h"

namespace strata {
namespace {

constexpr std::uint64_t kSeed = 20260;

} // namespace

Status codeAndDecode(const CoderRounds& rounds, const RoundSink& sink, const JobContext& job) {
    STRATA_ASSIGN(TrainingAssets assets, TrainingAssets::load(rounds.assets, rounds.body));
    STRATA_ASSIGN(TrainedNetworks trained, trainedNetworks(rounds.from, {}, rounds.device));
    RenderedClips clips(std::make_shared<const TrainingAssets>(std::move(assets)),
                        rounds.side / 8 * 8, Split::HeldOut);
    for (int i = 0; i < rounds.clips; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const TrainingClip clip, clips.clip(kSeed, std::uint64_t(i), 1));
        const auto bytes = torch::stack({clip.frames[0], clip.scene[0], clip.identity});
        STRATA_ASSIGN(const auto back, codedAndDecoded(trained.networks, bytes));
        for (int k = 0; k < 3; ++k)
            STRATA_TRY(sink(RoundKind(k), imageOf(bytes[k]), imageOf(back[k])));
        job.progress("pictures", i + 1, rounds.clips);
    }
    return ok();
}

} // namespace strata
