// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/training_config.h"

#include "engine/train/trainer/ablation.h"
#include "engine/train/trainer/motion_conditions.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <type_traits>

namespace strata {
namespace {

constexpr double kLargestWhole = 9007199254740992.0; // 2^53

const std::vector<const char*> kStages{"autoencoder", "frames",  "clips",
                                       "joint",       "refiner", "denoiser"};
const std::vector<const char*> kPrecisions{"fp32", "bf16", "fp16"};
const std::vector<const char*> kSchedules{"constant", "cosine"};
const std::vector<const char*> kTargets{"velocity", "noise"}; // as PredictionTarget
const std::vector<const char*> kMotions{"learnt", "given", "skeleton", "maps"};
const std::vector<const char*> kIdentities{"canonical", "posed", "opening"};

/// Names every setting once, for reading and writing.
template <typename V>
void visitUnet(V& v, nn::UnetConfig& c, const std::string& at) {
    v(at + "inChannels", c.inChannels);
    v(at + "outChannels", c.outChannels);
    v(at + "channels", c.channels);
    v(at + "layersPerBlock", c.layersPerBlock);
    v(at + "heads", c.heads);
    v(at + "contextWidth", c.contextWidth);
    v(at + "groups", c.groups);
    v(at + "motion", c.motion);
    v(at + "motionHeads", c.motionHeads);
    v(at + "motionFrames", c.motionFrames);
    v(at + "fromSketch", c.fromSketch);
}

template <typename V>
void visitNetworks(V& v, nn::MimoConfig& c) {
    visitUnet(v, c.reference, "networks.reference.");
    visitUnet(v, c.denoiser, "networks.denoiser.");
    v("networks.pose.inChannels", c.pose.inChannels);
    v("networks.pose.channels", c.pose.channels);
    v("networks.pose.outChannels", c.pose.outChannels);
    v("networks.vae.imageChannels", c.vae.imageChannels);
    v("networks.vae.latentChannels", c.vae.latentChannels);
    v("networks.vae.fold", c.vae.fold);
    v("networks.vae.shortcut", c.vae.shortcut);
    v("networks.vae.channels", c.vae.channels);
    v("networks.vae.layersPerBlock", c.vae.layersPerBlock);
    v("networks.vae.groups", c.vae.groups);
    v("networks.vae.scale", c.vae.scale);
    v("networks.clip.width", c.clip.width);
    v("networks.clip.layers", c.clip.layers);
    v("networks.clip.heads", c.clip.heads);
    v("networks.clip.hidden", c.clip.hidden);
    v("networks.clip.patch", c.clip.patch);
    v("networks.clip.image", c.clip.image);
    v("networks.clip.projection", c.clip.projection);
    v("networks.refiner.channels", c.refiner.channels);
    v("networks.refiner.fold", c.refiner.fold);
    v("networks.refiner.groups", c.refiner.groups);
    v("networks.scene", c.scene);
    v("networks.occluder", c.occluder);
    v("networks.sketch", c.sketch);
    v("networks.tokens", c.tokens);
}

template <typename V>
void visitAll(V& v, TrainingConfig& c) {
    visitNetworks(v, c.networks);
    v.choice("motion", c.motion, kMotions);
    v.choice("identity", c.identity, kIdentities);
    v.choice("stage", c.stage, kStages);
    v.choice("diffusion.target", c.diffusion.target, kTargets);
    v("diffusion.trainSteps", c.diffusion.schedule.trainSteps);
    v("diffusion.betaStart", c.diffusion.schedule.betaStart);
    v("diffusion.betaEnd", c.diffusion.schedule.betaEnd);
    v("diffusion.zeroTerminalSnr", c.diffusion.schedule.zeroTerminalSnr);
    v("diffusion.minSnrGamma", c.diffusion.minSnrGamma);
    v("diffusion.dropIdentity", c.diffusion.dropIdentity);
    v("diffusion.noiseOffset", c.diffusion.noiseOffset);
    v("diffusion.onlySteps", c.diffusion.onlySteps);
    v("diffusion.sketchSpread", c.diffusion.sketchSpread);
    v("coder.latentWeight", c.coder.latentWeight);
    v("coder.absoluteWeight", c.coder.absoluteWeight);
    v("coder.structureWeight", c.coder.structureWeight);
    v("coder.crop", c.coder.crop);
    v("refiner.absoluteWeight", c.refiner.absoluteWeight);
    v("refiner.structureWeight", c.refiner.structureWeight);
    v("refiner.featureWeight", c.refiner.featureWeight);
    v("refiner.featureEvery", c.refiner.featureEvery);
    v("refiner.sampledSteps", c.refiner.sampledSteps);
    v("measureScale", c.measureScale);
    v("frames", c.frames);
    v("batch", c.batch);
    v("accumulation", c.accumulation);
    v("steps", c.steps);
    v("rate", c.rate);
    v.choice("schedule", c.schedule, kSchedules);
    v("warmUp", c.warmUp);
    v("lastRate", c.lastRate);
    v("beta1", c.beta1);
    v("beta2", c.beta2);
    v("epsilon", c.epsilon);
    v("weightDecay", c.weightDecay);
    v("mostNorm", c.mostNorm);
    v("emaDecay", c.emaDecay);
    v.choice("precision", c.precision, kPrecisions);
    v("recompute", c.recompute);
    v("bucketMegabytes", c.bucketMegabytes);
    v("checkpointEvery", c.checkpointEvery);
    v("keep", c.keep);
    v("samplesEvery", c.samplesEvery);
    v("seed", c.seed);
}

struct Writer {
    Settings out;

    template <typename T>
    void operator()(const std::string& name, const T& value) {
        if constexpr (std::is_same_v<T, bool>)
            out[name] = value;
        else if constexpr (std::is_arithmetic_v<T>)
            out[name] = double(value);
        else
            out[name] = std::vector<double>(value.begin(), value.end());
    }
    template <typename E>
    void choice(const std::string& name, E value, const std::vector<const char*>& names) {
        out[name] = std::string(names[std::size_t(value)]);
    }
};

struct Filler {
    Settings left; // settings without a place
    std::string wrong;

    template <typename T>
    void operator()(const std::string& name, T& value) {
        if constexpr (std::is_same_v<T, bool>)
            take<bool>(name, "true or false", [&](bool given) {
                value = given;
                return true;
            });
        else if constexpr (std::is_integral_v<T>)
            take<double>(name, "a whole number", [&](double given) {
                value = whole<T>(given) ? T(given) : value;
                return whole<T>(given);
            });
        else if constexpr (std::is_floating_point_v<T>)
            take<double>(name, "a number", [&](double given) {
                value = given;
                return true;
            });
        else
            take<std::vector<double>>(name, "a list of whole numbers",
                                      [&](const std::vector<double>& given) {
                                          value.assign(given.begin(), given.end());
                                          return std::ranges::all_of(given, whole<std::int64_t>);
                                      });
    }
    template <typename E>
    void choice(const std::string& name, E& value, const std::vector<const char*>& names) {
        std::string known;
        for (const char* one : names)
            known += (known.empty() ? "one of " : ", ") + std::string(one);
        take<std::string>(name, known, [&](const std::string& given) {
            const auto place = std::ranges::find(names, given);
            if (place != names.end())
                value = E(place - names.begin());
            return place != names.end();
        });
    }

private:
    template <typename T>
    static bool whole(double value) {
        return value == std::floor(value) && std::abs(value) <= kLargestWhole &&
               value <= double(std::numeric_limits<T>::max()) &&
               value >= double(std::numeric_limits<T>::lowest());
    }
    template <typename T, typename Use>
    void take(const std::string& name, const std::string& kind, Use use) {
        const auto place = left.find(name);
        if (place == left.end())
            return;
        const T* given = std::get_if<T>(&place->second);
        if (!(given && use(*given)) && wrong.empty())
            wrong = "The training's setting '" + name + "' must be " + kind + ".";
        left.erase(place);
    }
};

void shrink(nn::MimoConfig& c) {
    for (nn::UnetConfig* unet : {&c.reference, &c.denoiser}) {
        unet->channels = {8, 16};
        unet->layersPerBlock = 1;
        unet->heads = unet->motionHeads = 2;
        unet->groups = 4;
        unet->contextWidth = 0;
        unet->motionFrames = 8;
    }
    c.pose.channels = {4, 4, 4, 8};
    c.pose.outChannels = 8;
    c.vae.channels = {8, 8, 8, 8};
    c.vae.layersPerBlock = 1;
    c.vae.groups = 4;
    c.clip = {8, 1, 2, 16, 14, 28, 8};
}

} // namespace

Result<TrainingConfig> TrainingConfig::named(const std::string& name) {
    if (name.starts_with("ablation-"))
        return ablationConfig(name);
    TrainingConfig config;
    if (name == "small") {
        config.coder.absoluteWeight = 0.1;
        config.coder.structureWeight = 0.05;
        config.refiner.absoluteWeight = 0.1;
        config.refiner.structureWeight = 0.05;
        config.refiner.featureWeight = 0.2;
        config.measureScale = true;
    } else if (name == "tiny") {
        config.networks = nn::MimoConfig::paper(4);
        shrink(config.networks);
        config.frames = 2;
        config.batch = 2;
        config.steps = 10;
        config.warmUp = 2;
        config.measureScale = true;
    } else if (name == "paper" || name == "official") {
        const bool official = name == "official";
        config.networks = official ? nn::MimoConfig::official() : nn::MimoConfig::paper();
        config.motion = official ? MotionCondition::Given : MotionCondition::Learnt;
        config.frames = 24;
        config.batch = 1;
        config.rate = 1e-5;
        config.schedule = RateSchedule::Constant;
        config.warmUp = 1;
    } else {
        return Error{ErrorCode::Usage,
                     "There is no training called '" + name +
                         "': tiny, small, paper, official and ablation-... are known."};
    }
    return config;
}

Result<TrainingConfig> TrainingConfig::from(const Settings& settings, const TrainingConfig& base) {
    TrainingConfig config = base;
    Filler filler{settings, {}};
    visitAll(filler, config);
    if (!filler.wrong.empty())
        return Error{ErrorCode::Usage, filler.wrong};
    if (!filler.left.empty())
        return Error{ErrorCode::Usage, "There is no setting of a training called '" +
                                           filler.left.begin()->first + "'."};
    STRATA_TRY(check(config));
    return config;
}

Settings TrainingConfig::settings() const {
    Writer writer;
    TrainingConfig copy = *this;
    visitAll(writer, copy);
    return writer.out;
}

double TrainingConfig::rateAt(std::int64_t step) const {
    if (step < warmUp)
        return rate * double(step + 1) / double(warmUp);
    if (schedule == RateSchedule::Constant)
        return rate;
    const double part = double(step - warmUp) / double(std::max<std::int64_t>(steps - warmUp, 1));
    const double fall = 0.5 * (1 + std::cos(std::numbers::pi * std::clamp(part, 0.0, 1.0)));
    return rate * (lastRate + (1 - lastRate) * fall);
}

double TrainingConfig::decayAt(std::int64_t step) const {
    return std::min(emaDecay, double(1 + step) / double(10 + step));
}

Status check(const TrainingConfig& c) {
    STRATA_TRY(nn::check(c.networks));
    const auto share = [](double x) { return x >= 0 && x < 1; };
    const auto positive = [](double x) { return std::isfinite(x) && x > 0; };
    const auto notNegative = [](double x) { return std::isfinite(x) && x >= 0; };
    const auto motionChannels = c.motion == MotionCondition::Skeleton ? kSkeletonChannels
                                : c.motion == MotionCondition::Maps   ? kMapChannels
                                                                      : c.networks.pose.inChannels;
    const char* wrong = nullptr;
    if (c.networks.pose.inChannels != motionChannels)
        wrong = "the pose guider takes other pictures of the motion";
    else if (c.diffusion.schedule.trainSteps < 1 || c.diffusion.schedule.trainSteps > 100000)
        wrong = "the number of timesteps is out of range";
    else if (c.frames < 1 || c.frames > 1024 || c.batch < 1 || c.batch > 4096 ||
             c.accumulation < 1 || c.accumulation > 4096 || c.steps < 1)
        wrong = "frames, batch, accumulation and steps must be at least 1";
    else if (c.networks.denoiser.motion && c.frames > c.networks.denoiser.motionFrames)
        wrong = "clips are longer than the motion modules can see";
    else if (c.stage == TrainingStage::Clips && !c.networks.denoiser.motion)
        wrong = "there are no motion modules to train";
    else if (!positive(c.rate) || !share(c.beta1) || !share(c.beta2) || !positive(c.epsilon) ||
             !notNegative(c.weightDecay) || !share(c.emaDecay) || c.warmUp < 0 ||
             !notNegative(c.lastRate) || c.lastRate > 1 || !notNegative(c.mostNorm))
        wrong = "a number of the optimiser is out of range";
    else if (!notNegative(c.coder.latentWeight) || !notNegative(c.coder.absoluteWeight) ||
             !notNegative(c.coder.structureWeight) || c.coder.crop < 0 || c.coder.crop % 8 != 0)
        wrong = "the coder's weights must not be negative, its crop a multiple of 8";
    else if (!notNegative(c.refiner.absoluteWeight) || !notNegative(c.refiner.structureWeight) ||
             !notNegative(c.refiner.featureWeight))
        wrong = "the refiner's weights must not be negative";
    else if (c.refiner.sampledSteps < 1 || c.refiner.sampledSteps > 1000 ||
             c.refiner.featureEvery < 1)
        wrong = "refiner.sampledSteps or refiner.featureEvery is out of range";
    else if (c.stage == TrainingStage::Refiner && !c.networks.refines())
        wrong = "there is no refiner to train";
    else if (c.checkpointEvery < 1 || c.keep < 1 || c.samplesEvery < 0)
        wrong = "checkpointEvery and keep must be at least 1";
    else if (!positive(c.bucketMegabytes) || double(c.seed) >= kLargestWhole)
        wrong = "bucketMegabytes or seed is out of range";
    if (wrong)
        return Error{ErrorCode::Usage, std::string("This cannot be trained: ") + wrong + "."};
    STRATA_TRY(DiffusionObjective::create(c.diffusion));
    return ok();
}

} // namespace strata
