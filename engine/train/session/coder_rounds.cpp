// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/coder_rounds.h"

#include "engine/core/atomic_file.h"
#include "engine/nn/guard.h"
#include "engine/train/trainer/rendered_source.h"
#include "engine/train/trainer/sample_sheet.h"
#include "engine/train/trainer/training_state.h"

#include <algorithm>

namespace strata {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kSeed = 20260;

Result<TrainingConfig> configOf(const fs::path& from) {
    if (!fs::is_directory(from)) {
        STRATA_ASSIGN(const Settings settings, readTrainingSettings(from));
        return TrainingConfig::from(settings);
    }
    const fs::path file = from / "training.json";
    STRATA_ASSIGN(const std::string text, readFile(file, 1 << 20));
    STRATA_ASSIGN(const Settings settings, parseSettings(text, "'" + file.string() + "'"));
    return TrainingConfig::from(settings);
}

Result<TrainingNetworks> networksOf(const CoderRounds& rounds) {
    STRATA_ASSIGN(TrainingConfig config, configOf(rounds.from));
    config.learntCodes = false; // only the picture coder is looked at
    config.precision = TrainingPrecision::Float;
    const auto device =
        nn::guarded("Using the device " + rounds.device,
                    [&]() -> Result<torch::Device> { return torch::Device(rounds.device); });
    STRATA_TRY(device);
    STRATA_ASSIGN(TrainingNetworks networks, TrainingNetworks::create(config, {}, *device));
    if (fs::is_directory(rounds.from)) {
        STRATA_TRY(importNetworks(rounds.from, networks));
    } else {
        STRATA_TRY(beginFromState(rounds.from, networks));
    }
    return networks;
}

ImageU8 imageOf(const torch::Tensor& bytes) { // [H, W, 3]
    const auto plain = bytes.contiguous();
    ImageU8 image(int(plain.size(1)), int(plain.size(0)), 3);
    std::copy_n(plain.data_ptr<std::uint8_t>(), image.count(), image.data());
    return image;
}

} // namespace

Status codeAndDecode(const CoderRounds& rounds, const RoundSink& sink, const JobContext& job) {
    STRATA_ASSIGN(TrainingAssets assets, TrainingAssets::load(rounds.assets, rounds.body));
    STRATA_ASSIGN(TrainingNetworks networks, networksOf(rounds));
    RenderedClips clips(std::make_shared<const TrainingAssets>(std::move(assets)),
                        rounds.side / 8 * 8, Split::HeldOut);
    for (int i = 0; i < rounds.clips; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const TrainingClip clip, clips.clip(kSeed, std::uint64_t(i), 1));
        const auto bytes = torch::stack({clip.frames[0], clip.scene[0], clip.identity});
        STRATA_ASSIGN(const auto back, codedAndDecoded(networks, bytes));
        for (int k = 0; k < 3; ++k)
            STRATA_TRY(sink(RoundKind(k), imageOf(bytes[k]), imageOf(back[k])));
        job.progress("pictures", i + 1, rounds.clips);
    }
    return ok();
}

} // namespace strata
