// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/train/trainer/checkpoint_store.h"
#include "engine/train/trainer/gradient_sync.h"
#include "engine/train/trainer/training_log.h"
#include "engine/train/trainer/training_step.h"

#include <functional>
#include <optional>

namespace strata {

/// What a training works with besides its settings.
struct TrainingParts {
    TrainingSource* source = nullptr; // outlives the trainer
    TrainingBody body;                // where the motion code is learnt
    std::string device = "cpu";
    std::filesystem::path folder; // gets log.jsonl and checkpoints/
    IdentityTokens tokens;        // see TrainingStep
    PictureFeatures features;     // the same
    /// Fills networks of a training that begins; without it they keep their random values.
    std::function<Status(TrainingNetworks&)> begin;
    /// Is called every TrainingConfig::samplesEvery steps in the first process, while the networks
    /// hold the averaged weights.
    std::function<Status(TrainingNetworks&, const TrainingStep&, std::int64_t step)> samples;
    ProcessGroup* group = nullptr; // of the processes that train together; outlives the trainer
    bool overlap = true;           // of exchanging gradients with backward
};

/// Trains networks, step by step, from wherever the folder's last checkpoint is. A step depends on
/// its number, the settings and the state before it alone: a training that was interrupted and goes
/// on gives, on CPUs, the same bits as one that was not.
class Trainer {
public:
    static Result<std::unique_ptr<Trainer>> create(const TrainingConfig& config,
                                                   const TrainingParts& parts);
    ~Trainer();

    /// Until the last step. A stop saves and gives Cancelled; when another process is lost, what
    /// was reached is saved, too.
    Status run(const JobContext& job);
    /// Writes a checkpoint of where it is (in the first process).
    Status save();

    std::int64_t step() const { return m_at.step; } // steps done
    TrainingNetworks& networks() { return m_networks; }
    const TrainingStep& work() const { return m_work; }
    const FlatParameters& parameters() const { return *m_parameters; }
    /// The settings, with the latents' scale as it was measured.
    TrainingConfig config() const;
    /// Calls `use` while the networks hold the averaged weights.
    Status withAverage(const std::function<Status(TrainingNetworks&)>& use);

private:
    struct Position {
        std::int64_t step = 0, updates = 0;
        std::int64_t good = 0;    // steps since the loss scale last changed
        std::int64_t skipped = 0; // in a row
        double lossScale = 1;
    };

    Trainer(const TrainingConfig& config, const TrainingParts& parts, TrainingNetworks networks,
            TrainingStep work);
    Status begin();
    Status resume(const std::filesystem::path& file);
    Status measureScale();
    Status agree();
    std::vector<std::uint64_t> indicesOf(std::int64_t step, int part) const;
    Result<StepRecord> oneStep(bool& stop);
    Result<double> gradients();
    Result<double> shared(double loss, bool& stop);
    bool update(StepRecord& record);
    Status afterStep(const StepRecord& record, const JobContext& job);
    bool first() const { return !m_parts.group || m_parts.group->rank() == 0; }
    int processes() const { return m_parts.group ? m_parts.group->size() : 1; }

    TrainingConfig m_config;
    TrainingParts m_parts;
    TrainingNetworks m_networks;
    TrainingStep m_work;
    std::unique_ptr<FlatParameters> m_parameters;
    std::unique_ptr<GradientSync> m_sync;
    std::unique_ptr<ClipPrefetcher> m_clips;
    std::optional<TrainingLog> m_log;
    CheckpointStore m_store;
    Position m_at;
    std::int64_t m_saved = -1;
};

} // namespace strata
