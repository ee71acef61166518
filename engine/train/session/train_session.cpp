// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/train_session.h"

#include "engine/core/atomic_file.h"
#include "engine/train/session/encoder_tokens.h"
#include "engine/train/session/trained_networks.h"
#include "engine/train/trainer/initial_weights.h"
#include "engine/train/trainer/loss_curve.h"
#include "engine/train/trainer/packed_clips.h"
#include "engine/train/trainer/rendered_source.h"
#include "engine/train/trainer/sample_sheet.h"
#include "engine/train/trainer/trainer.h"
#include "engine/train/trainer/training_state.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace strata {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kSampleSeed = 4242, kSampledClips = 3;

/// "batch=8" as a settings file would have it; words need no quotes.
Result<Settings> singleSetting(const std::string& text) {
    const auto sign = text.find('=');
    if (sign == std::string::npos || sign == 0)
        return Error{ErrorCode::Usage, "'" + text + "' is no setting: write name=value."};
    const std::string name = "{\"" + text.substr(0, sign) + "\": ", value = text.substr(sign + 1);
    if (auto plain = parseSettings(name + value + "}", "'" + text + "'"))
        return plain;
    return parseSettings(name + "\"" + value + "\"}", "'" + text + "'");
}

Result<TrainingConfig> configOf(const TrainSessionOptions& options) {
    TrainingConfig config;
    if (fs::path(options.config).extension() == ".json") {
        STRATA_ASSIGN(const std::string text, readFile(options.config, 1 << 20));
        STRATA_ASSIGN(const Settings settings, parseSettings(text, "'" + options.config + "'"));
        STRATA_ASSIGN(config, TrainingConfig::from(settings));
    } else {
        STRATA_ASSIGN(config, TrainingConfig::named(options.config));
    }
    Settings all;
    for (const auto& text : options.settings) {
        STRATA_ASSIGN(Settings one, singleSetting(text));
        one.merge(all); // the last word counts
        all = std::move(one);
    }
    return TrainingConfig::from(all, config);
}

/// Clips to learn from, and the body whose vertices get codes.
struct LearningMaterial {
    std::unique_ptr<TrainingSource> source;
    std::unique_ptr<TrainingSource> samples; // of things held out, where clips are drawn
    TrainingBody body;
};

Result<LearningMaterial> materialOf(const TrainSessionOptions& options) {
    if (options.clips.empty() == options.assets.empty())
        return Error{ErrorCode::Usage,
                     "Say what to learn from: either --clips FOLDER or --assets FILE."};
    const fs::path bodyFile = options.body;
    LearningMaterial out;
    BodyModel body;
    if (options.assets.empty()) {
        STRATA_ASSIGN(body, loadBody(bodyFile));
        STRATA_ASSIGN(out.source, PackedClips::open(options.clips));
        STRATA_ASSIGN(out.samples, PackedClips::open(options.clips));
    } else {
        STRATA_ASSIGN(TrainingAssets assets, TrainingAssets::load(options.assets, bodyFile));
        body = assets.body;
        const auto shared = std::make_shared<const TrainingAssets>(std::move(assets));
        const int side = options.side / 8 * 8;
        out.source = std::make_unique<RenderedClips>(shared, side);
        out.samples = std::make_unique<RenderedClips>(shared, side, Split::HeldOut);
    }
    out.body = trainingBody(body);
    return out;
}

Result<std::unique_ptr<ProcessGroup>> joined(TrainSessionOptions& options) {
    STRATA_ASSIGN(const auto place,
                  placeFromEnvironment([](const char* name) { return std::getenv(name); }));
    if (!place)
        return std::unique_ptr<ProcessGroup>();
    const bool cuda = options.device.starts_with("cuda");
    if (options.device == "cuda")
        options.device = "cuda:" + std::to_string(place->local);
    return ProcessGroup::join(*place, cuda);
}

Status drawCurve(const fs::path& folder, const PictureWriter& write) {
    STRATA_ASSIGN(const auto records, readTrainingLog(folder / "log.jsonl"));
    return write(folder / "curve.png", lossCurve(records));
}

Result<InitialFiles> initialFilesOf(const std::vector<std::string>& texts) {
    InitialFiles files;
    const std::pair<const char*, fs::path*> places[] = {
        {"vae", &files.vae},           {"clip", &files.clip},
        {"unet", &files.unet},         {"reference", &files.reference},
        {"denoiser", &files.denoiser}, {"motion", &files.motion},
        {"pose", &files.pose}};
    for (const auto& text : texts) {
        const auto sign = text.find('=');
        const auto place = std::ranges::find_if(
            places, [&](const auto& known) { return text.substr(0, sign) == known.first; });
        if (sign == std::string::npos || place == std::end(places))
            return Error{ErrorCode::Usage,
                         "'" + text + "' names no network to begin with: write unet=FILE, say."};
        *place->second = text.substr(sign + 1);
    }
    return files;
}

/// Draws sheets of a few clips that nothing is learnt from into the folder.
class Samples {
public:
    static Result<Samples> create(const TrainSessionOptions& options,
                                  const LearningMaterial& material, const TrainingConfig& config) {
        Samples out;
        out.m_config = config;
        out.m_write = options.writePicture;
        out.m_folder = fs::path(options.out) / "samples";
        for (std::uint64_t i = 0; i < kSampledClips; ++i) {
            STRATA_ASSIGN(out.m_clips.emplace_back(),
                          material.samples->clip(kSampleSeed, i, config.framesOfClip()));
        }
        return out;
    }

    Status draw(TrainingNetworks& networks, const TrainingStep& step, std::int64_t number) const {
        STRATA_ASSIGN(const ImageU8 sheet, sampleSheet(networks, step, m_config, m_clips));
        std::error_code failed;
        fs::create_directories(m_folder, failed);
        char name[40];
        std::snprintf(name, sizeof name, "step_%010lld.png", static_cast<long long>(number));
        return m_write(m_folder / name, sheet);
    }

private:
    TrainingConfig m_config;
    PictureWriter m_write;
    fs::path m_folder;
    std::vector<TrainingClip> m_clips;
};

Result<double> lastLoss(const fs::path& folder) {
    STRATA_ASSIGN(const auto records, readTrainingLog(folder / "log.jsonl"));
    const auto count = (records.size() + 9) / 10;
    double sum = 0;
    for (std::size_t i = records.size() - count; i < records.size(); ++i)
        sum += records[i].loss;
    return count > 0 ? sum / double(count) : 0.0;
}

} // namespace

Result<TrainSessionResult> trainSession(const TrainSessionOptions& given, const JobContext& job) {
    TrainSessionOptions options = given;
    STRATA_ASSIGN(const TrainingConfig config, configOf(options));
    STRATA_ASSIGN(const LearningMaterial material, materialOf(options));
    STRATA_ASSIGN(const auto group, joined(options));
    TrainingParts parts;
    parts.source = material.source.get();
    parts.body = material.body;
    parts.device = options.device;
    parts.folder = options.out;
    parts.group = group.get();
    if (!options.encoder.empty()) {
        STRATA_ASSIGN(parts.tokens,
                      encoderTokens(options.encoder, config.networks.tokens, options.device));
        if (config.stage == TrainingStage::Refiner && config.refiner.featureWeight > 0) {
            STRATA_ASSIGN(parts.features, encoderFeatures(options.encoder, options.device));
        }
    }
    STRATA_ASSIGN(const InitialFiles files, initialFilesOf(options.begin));
    parts.begin = [&](TrainingNetworks& networks) -> Status {
        STRATA_ASSIGN(const auto notes, beginFromFiles(files, networks));
        for (const auto& note : notes)
            std::fprintf(stderr, "%s\n", note.c_str());
        if (!options.from.empty())
            STRATA_TRY(fs::is_directory(options.from) ? importNetworks(options.from, networks)
                                                      : beginFromState(options.from, networks));
        if (config.stage == TrainingStage::Refiner)
            networks.networks->refiner->beginWithSketch();
        return ok();
    };
    Samples samples;
    if (config.samplesEvery > 0 && options.writePicture) {
        STRATA_ASSIGN(samples, Samples::create(options, material, config));
        parts.samples = [&](TrainingNetworks& networks, const TrainingStep& step,
                            std::int64_t number) { return samples.draw(networks, step, number); };
    }
    STRATA_ASSIGN(const auto trainer, Trainer::create(config, parts));
    const bool first = !group || group->rank() == 0;
    const Status run = trainer->run(job);
    if (first && options.writePicture)
        STRATA_TRY(drawCurve(parts.folder, options.writePicture));
    STRATA_TRY(run);
    TrainSessionResult out;
    out.steps = trainer->step();
    out.first = first;
    out.networks = (parts.folder / "networks").string();
    if (first) {
        STRATA_ASSIGN(out.loss, lastLoss(parts.folder));
        STRATA_TRY(trainer->withAverage([&](TrainingNetworks& networks) {
            return exportNetworks(networks, trainer->config(), out.networks, true);
        }));
    }
    return out;
}

Status exportCheckpoint(const fs::path& checkpoint, const fs::path& body, const fs::path& out) {
    STRATA_ASSIGN(const BodyModel model, loadBody(body));
    STRATA_ASSIGN(const TrainedNetworks trained,
                  trainedNetworks(checkpoint, trainingBody(model), "cpu"));
    return exportNetworks(trained.networks, trained.config, out, true);
}

} // namespace strata
