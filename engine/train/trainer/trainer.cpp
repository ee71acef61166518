// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/trainer.h"

#include "engine/nn/guard.h"
#include "engine/nn/layers/recompute.h"
#include "engine/nn/memory_scope.h"
#include "engine/train/trainer/training_state.h"

#include <chrono>
#include <cmath>

namespace strata {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kFirstLossScale = 65536; // of half precision
constexpr std::int64_t kGrowAfter = 1000; // good steps until it is doubled
constexpr std::int64_t kMostSkipped = 20; // steps in a row without a finite gradient
constexpr int kMeasuredClips = 4;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

} // namespace

Trainer::Trainer(const TrainingConfig& config, const TrainingParts& parts,
                 TrainingNetworks networks, TrainingStep work)
    : m_config(config)
    , m_parts(parts)
    , m_networks(std::move(networks))
    , m_work(std::move(work))
    , m_clips(std::make_unique<ClipPrefetcher>(*parts.source, config.seed, config.framesOfClip()))
    , m_store(parts.folder / "checkpoints", config.keep) {
    if (config.precision == TrainingPrecision::Half)
        m_at.lossScale = kFirstLossScale;
}

Trainer::~Trainer() = default;

Result<std::unique_ptr<Trainer>> Trainer::create(const TrainingConfig& config,
                                                 const TrainingParts& parts) {
    if (!parts.source)
        return Error{ErrorCode::Usage, "A training needs clips."};
    STRATA_ASSIGN(TrainingStep work,
                  TrainingStep::create(config, parts.body, parts.tokens, parts.features));
    if (parts.source->repeats() && config.stage != TrainingStage::Autoencoder)
        work.remember();
    const auto made =
        nn::guarded("Using the device " + parts.device, [&]() -> Result<torch::Device> {
            const torch::Device device(parts.device);
            torch::zeros({1}, device);
            return device;
        });
    STRATA_TRY(made);
    STRATA_ASSIGN(TrainingNetworks networks, TrainingNetworks::create(config, parts.body, *made));
    std::unique_ptr<Trainer> trainer(
        new Trainer(config, parts, std::move(networks), std::move(work)));
    STRATA_TRY(trainer->begin());
    return trainer;
}

Status Trainer::begin() {
    const auto checkpoint = m_store.latest();
    if (!checkpoint && m_parts.begin)
        STRATA_TRY(m_parts.begin(m_networks));
    STRATA_TRY(nn::guarded("Laying out the weights", [&]() -> Status {
        m_parameters = std::make_unique<FlatParameters>(m_networks.learnt(), m_config.emaDecay > 0);
        if (m_parts.group)
            m_sync = std::make_unique<GradientSync>(*m_parts.group, *m_parameters,
                                                    m_config.bucketMegabytes, m_parts.overlap);
        return ok();
    }));
    if (checkpoint) {
        STRATA_TRY(resume(*checkpoint));
    } else if (m_config.measureScale && m_config.stage != TrainingStage::Autoencoder &&
               m_networks.config().vae.scale == nn::VaeConfig{}.scale) { // it never was measured
        STRATA_TRY(measureScale());
    }
    STRATA_TRY(agree());
    if (first()) {
        std::error_code failed;
        std::filesystem::create_directories(m_parts.folder, failed);
        STRATA_ASSIGN(m_log, TrainingLog::open(m_parts.folder / "log.jsonl", m_at.step));
    }
    return ok();
}

Status Trainer::resume(const std::filesystem::path& file) {
    StateNumbers numbers;
    STRATA_TRY(readTrainingState(file, m_config, m_networks, *m_parameters, numbers));
    m_at = {numbers.step, numbers.updates, numbers.good, numbers.skipped, numbers.lossScale};
    m_saved = m_at.step;
    return ok();
}

Status Trainer::save() {
    if (!first() || m_saved == m_at.step)
        return ok();
    const StateNumbers numbers{m_at.step, m_at.updates, m_at.good, m_at.skipped, m_at.lossScale};
    STRATA_ASSIGN(const ArrayMap state,
                  trainingState(config(), m_networks, *m_parameters, numbers));
    STRATA_TRY(m_store.write(m_at.step, state));
    m_saved = m_at.step;
    return ok();
}

TrainingConfig Trainer::config() const {
    TrainingConfig config = m_config;
    config.networks = m_networks.config();
    return config;
}

Status Trainer::measureScale() {
    std::vector<TrainingClip> clips;
    for (std::uint64_t i = 0; i < kMeasuredClips; ++i) {
        STRATA_ASSIGN(clips.emplace_back(),
                      m_parts.source->clip(m_config.seed, i, m_config.framesOfClip()));
    }
    STRATA_ASSIGN(m_networks.networks->config.vae.scale, m_work.scaleOf(m_networks, clips));
    return ok();
}

/// All processes must be at the same step with the same weights, else their sums mean nothing.
Status Trainer::agree() {
    if (!m_parts.group)
        return ok();
    return nn::guarded("Comparing the processes", [&]() -> Status {
        auto mine = torch::zeros({3}, torch::kFloat64);
        for (const auto& [name, values] : m_parameters->state())
            mine[0] += values.to(torch::kFloat64).abs().sum().to(torch::kCPU);
        mine[1] = double(m_at.step);
        mine[2] = m_networks.config().vae.scale;
        const auto wanted = mine * m_parts.group->size();
        auto sums = mine.to(m_networks.options().device()).clone();
        try {
            m_parts.group->sum(sums)->wait();
        } catch (const std::exception& e) {
            return processLost(nn::shortMessage(e));
        }
        if (!torch::allclose(sums.cpu(), wanted, 1e-9))
            return Error{ErrorCode::Usage, "The processes of this training do not begin alike: "
                                           "all need the same settings and the same folder."};
        return ok();
    });
}

std::vector<std::uint64_t> Trainer::indicesOf(std::int64_t step, int part) const {
    const int rank = m_parts.group ? m_parts.group->rank() : 0;
    const auto batch =
        (std::uint64_t(step) * std::uint64_t(m_config.accumulation) + std::uint64_t(part)) *
            std::uint64_t(processes()) +
        std::uint64_t(rank);
    std::vector<std::uint64_t> out;
    for (int i = 0; i < m_config.batch; ++i)
        out.push_back(batch * std::uint64_t(m_config.batch) + std::uint64_t(i));
    return out;
}

/// Adds up the gradients of one step. -> its loss
Result<double> Trainer::gradients() {
    m_parameters->clearGradients();
    const nn::RecomputeScope recompute(m_config.recompute &&
                                       m_config.stage != TrainingStage::Autoencoder);
    double loss = 0;
    const int parts = m_config.accumulation;
    for (int part = 0; part < parts; ++part) {
        const auto indices = indicesOf(m_at.step, part);
        m_clips->begin(indices);
        std::vector<TrainingClip> clips;
        for (const auto index : indices) {
            STRATA_ASSIGN(clips.emplace_back(), m_clips->take(index));
        }
        const bool last = part + 1 == parts;
        if (!last || m_at.step + 1 < m_config.steps)
            m_clips->begin(indicesOf(m_at.step + (last ? 1 : 0), last ? 0 : part + 1));
        STRATA_ASSIGN(const auto losses, m_work.losses(m_networks, clips, indices));
        if (m_sync && last)
            m_sync->arm();
        const auto mean = losses.mean() / double(parts);
        (mean * m_at.lossScale).backward();
        loss += mean.item<double>();
    }
    if (m_sync)
        STRATA_TRY(m_sync->finish());
    return loss;
}

/// The mean over all processes, and whether any of them is asked to stop.
Result<double> Trainer::shared(double loss, bool& stop) {
    if (!m_parts.group)
        return loss;
    auto values =
        torch::tensor({loss, stop ? 1.0 : 0.0}, torch::kFloat64).to(m_networks.options().device());
    try {
        m_parts.group->sum(values)->wait();
    } catch (const std::exception& e) {
        return processLost(nn::shortMessage(e));
    }
    values = values.cpu();
    stop = values[1].item<double>() > 0;
    return values[0].item<double>() / double(processes());
}

/// -> false when the training has gone astray
bool Trainer::update(StepRecord& record) {
    const double unscaled = 1 / (m_at.lossScale * processes());
    record.rate = m_config.rateAt(m_at.step);
    record.norm = m_parameters->norm(unscaled);
    record.lossScale = m_at.lossScale;
    record.skipped = !std::isfinite(record.norm);
    const bool half = m_config.precision == TrainingPrecision::Half;
    if (record.skipped) {
        m_at.good = 0;
        if (half)
            m_at.lossScale = std::max(m_at.lossScale / 2, 1.0);
        return ++m_at.skipped < kMostSkipped;
    }
    const bool shorten = m_config.mostNorm > 0 && record.norm > m_config.mostNorm;
    const UpdateRule rule{record.rate,      m_config.beta1,       m_config.beta2,
                          m_config.epsilon, m_config.weightDecay, ++m_at.updates};
    m_parameters->update(rule, unscaled * (shorten ? m_config.mostNorm / record.norm : 1));
    m_parameters->average(m_config.decayAt(m_at.updates));
    m_at.skipped = 0;
    if (half && ++m_at.good % kGrowAfter == 0)
        m_at.lossScale *= 2;
    return true;
}

Result<StepRecord> Trainer::oneStep(bool& stop) {
    const auto start = Clock::now();
    StepRecord record;
    STRATA_ASSIGN(const double loss,
                  nn::guarded("A step of the training", [&] { return gradients(); }));
    STRATA_ASSIGN(record.loss, shared(loss, stop));
    const bool fine = update(record);
    record.step = ++m_at.step;
    record.seconds = secondsSince(start);
    record.pictures = double(m_config.batch) * m_config.accumulation * processes() *
                      m_config.framesOfClip() / std::max(record.seconds, 1e-9);
    if (!fine)
        return Error{ErrorCode::Internal,
                     "The training went astray: its last " + std::to_string(kMostSkipped) +
                         " steps gave no finite gradients. Go back to an earlier checkpoint with a "
                         "lower rate."};
    return record;
}

Status Trainer::afterStep(const StepRecord& record, const JobContext& job) {
    if (m_log)
        STRATA_TRY(m_log->add(record));
    job.progress("training", m_at.step, m_config.steps);
    if (m_at.step % m_config.checkpointEvery == 0 || m_at.step == m_config.steps)
        STRATA_TRY(save());
    const bool sampled = m_config.samplesEvery > 0 && m_at.step % m_config.samplesEvery == 0;
    if (sampled && first() && m_parts.samples)
        STRATA_TRY(withAverage([&](TrainingNetworks& networks) {
            return m_parts.samples(networks, m_work, m_at.step);
        }));
    return ok();
}

Status Trainer::withAverage(const std::function<Status(TrainingNetworks&)>& use) {
    m_parameters->swapAverage();
    const Status used = use(m_networks);
    m_parameters->swapAverage();
    return used;
}

Status Trainer::run(const JobContext& job) {
    const nn::MemoryScope memory;
    while (m_at.step < m_config.steps) {
        bool stop = job.stopRequested();
        if (stop && !m_parts.group) { // several must first agree on it
            STRATA_TRY(save());
            return cancelled();
        }
        const auto record = oneStep(stop);
        if (!record) {
            if (m_parts.group && record.error().code == ErrorCode::Io)
                STRATA_TRY(save()); // of before this step, which all have done
            return record.error();
        }
        STRATA_TRY(afterStep(*record, job));
        if (stop && m_parts.group) {
            STRATA_TRY(save());
            return cancelled();
        }
    }
    return save();
}

} // namespace strata
