// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "app/cli/train_session.h"

#include "engine/core/atomic_file.h"
#include "engine/media/image_io.h"
#include "engine/pipeline/installation.h"
#include "engine/train/trainer/loss_curve.h"
#include "engine/train/trainer/packed_clips.h"
#include "engine/train/trainer/rendered_source.h"
#include "engine/train/trainer/trainer.h"
#include "engine/train/trainer/training_state.h"

#include <algorithm>
#include <cstdlib>

namespace strata::cli {
namespace fs = std::filesystem;
namespace {

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
struct Material {
    std::unique_ptr<TrainingSource> source;
    TrainingBody body;
};

Result<Material> materialOf(const TrainSessionOptions& options) {
    if (options.clips.empty() == options.assets.empty())
        return Error{ErrorCode::Usage,
                     "Say what to learn from: either --clips FOLDER or --assets FILE."};
    STRATA_ASSIGN(const fs::path folder, assetsFolder());
    const fs::path bodyFile = folder / "body/strata_body.npz";
    Material out;
    BodyModel body;
    if (options.assets.empty()) {
        STRATA_ASSIGN(body, loadBody(bodyFile));
        STRATA_ASSIGN(out.source, PackedClips::open(options.clips));
    } else {
        STRATA_ASSIGN(TrainingAssets assets, TrainingAssets::load(options.assets, bodyFile));
        body = assets.body;
        out.source = std::make_unique<RenderedClips>(
            std::make_shared<const TrainingAssets>(std::move(assets)), options.side / 8 * 8);
    }
    for (const auto& v : body.vTemplate)
        out.body.rest.insert(out.body.rest.end(), {v.x, v.y, v.z});
    for (const auto& face : body.faces)
        out.body.faces.insert(out.body.faces.end(), {face.x, face.y, face.z});
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

Status drawCurve(const fs::path& folder) {
    STRATA_ASSIGN(const auto records, readTrainingLog(folder / "log.jsonl"));
    return writePng(folder / "curve.png", lossCurve(records));
}

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
    STRATA_ASSIGN(const Material material, materialOf(options));
    STRATA_ASSIGN(const auto group, joined(options));
    TrainingParts parts;
    parts.source = material.source.get();
    parts.body = material.body;
    parts.device = options.device;
    parts.folder = options.out;
    parts.group = group.get();
    if (!options.from.empty())
        parts.begin = [&](TrainingNetworks& networks) {
            return beginFromState(options.from, networks);
        };
    STRATA_ASSIGN(const auto trainer, Trainer::create(config, parts));
    const bool first = !group || group->rank() == 0;
    const Status run = trainer->run(job);
    if (first)
        STRATA_TRY(drawCurve(parts.folder));
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

} // namespace strata::cli
