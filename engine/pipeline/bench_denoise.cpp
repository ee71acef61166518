// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/bench_denoise.h"

#include "engine/core/parallel.h"
#include "engine/pipeline/bench_probes.h"
#include "engine/synth/diffusion/seeded_noise.h"
#include "engine/synth/mimo/mimo_backend.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace strata {
namespace {

constexpr int kLargest = 1024;
constexpr int kTimestep = 501;

Result<nn::MimoConfig> configOf(const std::string& network) {
    nn::MimoConfig config;
    if (network == "small")
        config = nn::MimoConfig::small();
    else if (network == "official")
        config = nn::MimoConfig::official();
    else if (network == "paper")
        config = nn::MimoConfig::paper();
    else
        return Error{ErrorCode::Usage,
                     "There are no networks '" + network + "'; say small, official or paper."};
    config.vae = {.latentChannels = config.vae.latentChannels, .channels = {32, 32, 32, 32}};
    config.clip = {64, 1, 4, 64, 28, 224, config.denoiser.contextWidth};
    config.tokens = 0;
    return config;
}

Status check(const DenoiseBenchRequest& request, const nn::MimoConfig& config) {
    const auto fits = [](int size) { return size >= 64 && size <= kLargest && size % 8 == 0; };
    if (request.sizes.empty() || !std::ranges::all_of(request.sizes, fits))
        return Error{ErrorCode::Usage,
                     "The sizes of the pictures must be multiples of 8 from 64 to 1024."};
    if (request.frames < 1 || request.frames > config.denoiser.motionFrames)
        return Error{ErrorCode::Usage, "A window has 1 to " +
                                           std::to_string(config.denoiser.motionFrames) +
                                           " frames, not " + std::to_string(request.frames) + "."};
    if (request.repeats < 1 || request.repeats > 100 || request.steps < 1 || request.steps > 1000)
        return Error{ErrorCode::Usage, "A measurement is repeated 1 to 100 times, for runs of 1 to "
                                       "1000 steps."};
    return ok();
}

FrameStack noise(int stream, int frames, std::int64_t channels, int side) {
    return seededNoise({7, std::uint32_t(stream), 0}, frames, {int(channels), side, side});
}

/// One formulation of the networks.
class Runner {
public:
    Runner(std::shared_ptr<nn::MimoNetworks> networks, const nn::MimoConfig& config, bool plain)
        : m_config(config)
        , m_backend(std::move(networks), optionsOf(plain)) {}

    Status begin(int size, int frames, std::stop_token stop) {
        m_size = size;
        m_request.frames.resize(std::size_t(frames));
        std::iota(m_request.frames.begin(), m_request.frames.end(), 0);
        m_request.timestep = kTimestep;
        m_request.withoutIdentity = true;
        m_request.latents = noise(1, frames, m_config.vae.latentChannels, size / 8);
        ConditionInput input{noise(2, frames, m_config.pose.inChannels, size), {}, {}};
        if (m_config.scene)
            input.scene = noise(3, frames, m_config.vae.imageChannels, size);
        if (m_config.occluder)
            input.occluder = noise(4, frames, m_config.vae.imageChannels, size);
        if (m_config.sketch)
            input.sketch = noise(8, frames, m_config.vae.imageChannels, size);
        STRATA_TRY(m_backend.beginClip(frames, {size, size}));
        return m_backend.setConditions(0, input, stop);
    }

    /// Keeps the shorter time in `seconds`.
    Status reference(double& seconds, std::stop_token stop) {
        const ReferenceInput input{noise(5, 1, m_config.vae.imageChannels, m_size),
                                   noise(6, 1, 3, int(m_config.clip.image))};
        const Stopwatch watch;
        STRATA_TRY(m_backend.setReference(input, stop));
        seconds = std::min(seconds, watch.seconds());
        return ok();
    }

    Result<Prediction> step(double& seconds, std::stop_token stop) {
        const Stopwatch watch;
        STRATA_ASSIGN(auto out, m_backend.predict({&m_request, 1}, stop));
        seconds = std::min(seconds, watch.seconds());
        return std::move(out.front());
    }

private:
    static MimoOptions optionsOf(bool plain) {
        MimoOptions options;
        options.plain = plain;
        return options;
    }

    const nn::MimoConfig& m_config;
    MimoBackend m_backend;
    PredictionRequest m_request;
    int m_size = 0;
};

double largestDifference(const FrameStack& a, const FrameStack& b) {
    double most = 0;
    for (std::size_t i = 0; i < a.values().size(); ++i)
        most = std::max(most, std::abs(double(a.values()[i]) - double(b.values()[i])));
    return most;
}

Result<DenoiseBenchLine> measure(Runner& plain, Runner& saved, int size,
                                 const DenoiseBenchRequest& request, const JobContext& context) {
    constexpr double kNever = std::numeric_limits<double>::max();
    DenoiseBenchLine line{size, kNever, kNever, kNever, kNever, 0};
    STRATA_TRY(plain.begin(size, request.frames, context.stop));
    STRATA_TRY(saved.begin(size, request.frames, context.stop));
    for (int i = 0; i < request.repeats; ++i) {
        STRATA_TRY(plain.reference(line.plainReference, context.stop));
        STRATA_TRY(saved.reference(line.savedReference, context.stop));
        STRATA_ASSIGN(const Prediction a, plain.step(line.plainStep, context.stop));
        STRATA_ASSIGN(const Prediction b, saved.step(line.savedStep, context.stop));
        line.difference =
            std::max({line.difference, largestDifference(a.withIdentity, b.withIdentity),
                      largestDifference(a.withoutIdentity, b.withoutIdentity)});
    }
    return line;
}

} // namespace

Result<DenoiseBenchReport> benchDenoise(const DenoiseBenchRequest& request,
                                        const JobContext& context) {
    STRATA_ASSIGN(const nn::MimoConfig config, configOf(request.network));
    STRATA_TRY(check(request, config));
    STRATA_ASSIGN(const LoadedMimo made, randomMimo(config, 1));
    Runner plain(made.networks, config, true), saved(made.networks, config, false);
    DenoiseBenchReport report;
    report.threads = workerCount();
    const auto total = std::int64_t(request.sizes.size());
    for (std::int64_t i = 0; i < total; ++i) {
        context.progress("denoise", i, total);
        STRATA_ASSIGN(report.lines.emplace_back(),
                      measure(plain, saved, request.sizes[std::size_t(i)], request, context));
    }
    context.progress("denoise", total, total);
    return report;
}

} // namespace strata
