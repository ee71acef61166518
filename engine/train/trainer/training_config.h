// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/mimo/mimo_config.h"
#include "engine/train/diffusion/autoencoder_objective.h"
#include "engine/train/diffusion/diffusion_objective.h"
#include "engine/train/diffusion/refiner_objective.h"
#include "engine/train/trainer/settings_file.h"

#include <cstdint>
#include <string>

namespace strata {

/// What is learnt. Frames: single frames, all but the motion modules; Clips: the motion modules
/// alone; Joint: both at once, on clips. The picture coder is learnt before, or comes from files.
/// Refiner: the refiner alone, on single frames, from what all the others make of them; on clips
/// that they have not seen, since it learns how far to believe them. Denoiser: as Frames, but the
/// denoiser alone, for a small file to follow new data.
enum class TrainingStage { Autoencoder, Frames, Clips, Joint, Refiner, Denoiser };
/// What the networks compute with. Learnt values are kept in single precision beside that.
enum class TrainingPrecision { Float, BFloat16, Half };
enum class RateSchedule { Constant, Cosine };
/// What the pose guider sees of the motion: the body in codes on its vertices, learnt (the paper's
/// way) or of a fixed kind, whose pictures the clips hold (the release's colours). To compare with:
/// the skeleton's bones as they lie in the picture, and maps of normals, depth and parts.
enum class MotionCondition { Learnt, Given, Skeleton, Maps };
/// Which picture tells who is to be seen: the person alone in the A-pose, alone in another pose, or
/// the clip's first frame with all that is in it.
enum class IdentityCondition { Canonical, Posed, Opening };

/// Everything that decides what a training does, but for the data and the machine.
struct TrainingConfig {
    nn::MimoConfig networks = nn::MimoConfig::small();
    MotionCondition motion = MotionCondition::Learnt;
    IdentityCondition identity = IdentityCondition::Canonical;
    TrainingStage stage = TrainingStage::Joint;
    DiffusionTraining diffusion;
    AutoencoderTraining coder;
    RefinerTraining refiner;
    /// Latents are scaled to unit variance as the first clips have them, for a coder of our own.
    bool measureScale = false;

    int frames = 8;       // of a clip; 1 at the stages Frames, Refiner and Denoiser
    int batch = 4;        // clips that a process learns from at once
    int accumulation = 1; // of so many batches the gradients are added up to a step
    std::int64_t steps = 10000;

    double rate = 1e-4; // of learning, at its highest
    RateSchedule schedule = RateSchedule::Cosine;
    std::int64_t warmUp = 100; // steps
    double lastRate = 0.01;    // at the end of the cosine, as a part of `rate`
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01;
    double mostNorm = 1;     // of the gradients, which are shortened to it; 0: as they are
    double emaDecay = 0.999; // of the averaged weights; 0: none are kept

    TrainingPrecision precision = TrainingPrecision::Float;
    /// Layers are computed again on the way back instead of kept (nn::RecomputeScope): less memory,
    /// more time. Not of the picture coder.
    bool recompute = false;
    double bucketMegabytes = 4; // of gradients that processes exchange at once

    std::int64_t checkpointEvery = 500; // steps
    int keep = 2;                       // checkpoints
    std::int64_t samplesEvery = 0;      // steps; 0: no pictures while it runs
    std::uint64_t seed = 1;             // below 2^53

    /// "tiny" (for tests), "small", "paper", "official", and the rows of the ablation (ablation.h).
    static Result<TrainingConfig> named(const std::string& name);
    /// What is not in `settings` stays as in `base`; names that do not exist are refused.
    static Result<TrainingConfig> from(const Settings& settings, const TrainingConfig& base);
    static Result<TrainingConfig> from(const Settings& settings) { return from(settings, {}); }
    Settings settings() const;

    /// Of step `step`, which counts from 0.
    double rateAt(std::int64_t step) const;
    /// Of the averaged weights after `step` steps: few steps are averaged over few.
    double decayAt(std::int64_t step) const;
    bool learntCodes() const { return motion == MotionCondition::Learnt; }
    int framesOfClip() const {
        return stage == TrainingStage::Frames || stage == TrainingStage::Refiner ||
                       stage == TrainingStage::Denoiser
                   ? 1
                   : frames;
    }
};

/// One sentence about the first setting that cannot be.
Status check(const TrainingConfig& config);

} // namespace strata
