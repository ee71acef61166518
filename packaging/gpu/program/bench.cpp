// SPDX-License-Identifier: Apache-2.0
// Frames per second, memory and precision of the generator with networks of random weights. What is
// compared with is our own plain formulation: everything computed as published, call by call,
// through LibTorch's operators. It is not the official program.
#include <torch/torch.h>

#include "packaging/gpu/program/gpu_memory.h"
#include "packaging/gpu/program/report.h"

#include "engine/core/parallel.h"
#include "engine/nn/cuda/fused_norm.h"
#include "engine/synth/diffusion/context_windows.h"
#include "engine/synth/diffusion/sampler.h"
#include "engine/synth/diffusion/seeded_noise.h"
#include "engine/synth/mimo/mimo_backend.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

namespace strata::gpu {
namespace {

constexpr int kPart = 24; // frames whose conditions and pictures are given at once
constexpr int kTimestep = 501;
constexpr std::uint64_t kSeed = 7;

class Clock {
public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Results come back to the host, so that the work is done when a call returns.
struct Times {
    double reference = 0, conditions = 0, step = 0, decode = 0;
    int calls = 0; // of the denoiser in a step

    double clip(int steps) const { return reference + conditions + steps * step + decode; }
};

struct Options {
    std::string device, network;
    int steps, repeats;
};

FrameStack noise(std::uint32_t stream, int frames, FrameShape shape) {
    return seededNoise({kSeed, stream, 0}, frames, shape);
}

template <typename T>
T orThrow(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().message);
    return std::move(*result);
}

std::optional<nn::MimoConfig> configOf(const std::string& name) {
    if (name == "official")
        return nn::MimoConfig::official();
    if (name == "paper")
        return nn::MimoConfig::paper();
    if (name == "small")
        return nn::MimoConfig::small();
    if (name != "tiny")
        return std::nullopt;
    auto config = nn::MimoConfig::official();
    config.reference.channels = config.denoiser.channels = {32, 64, 128, 128};
    config.pose.outChannels = 32;
    config.vae.channels = {32, 32, 32, 32};
    config.clip = {64, 1, 4, 64, 28, 224, config.clip.projection};
    return config;
}

/// One formulation of the networks at work on a clip.
class Generator {
public:
    Generator(const LoadedMimo& loaded, const nn::MimoConfig& config,
              const std::string& formulation)
        : m_config(config)
        , m_plainNorms(formulation == "plain")
        , m_recorded(formulation == "recorded")
        , m_backend(loaded.networks, optionsOf(formulation)) {}

    Times clip(int size, int frames, const Options& options) {
        const nn::PlainNormScope norms(m_plainNorms);
        begin(size, frames);
        Times best;
        for (int repeat = 0; repeat <= options.repeats; ++repeat) { // the first warms up
            Times now;
            now.reference = timed([&] { readReference(); });
            now.conditions = timed([&] { readConditions(); });
            for (int i = 0; m_recorded && i < 2; ++i) // one to warm up, one that is recorded
                step();
            now.step = timed([&] { now.calls = step(); });
            now.decode = timed([&] { decodeAll(); });
            if (repeat == 1 || (repeat > 1 && now.clip(options.steps) < best.clip(options.steps)))
                best = now;
        }
        return best;
    }

    /// The prediction for one window, and the pictures of a run of a few steps.
    std::pair<FrameStack, FrameStack> results(int size, int frames, int steps) {
        const nn::PlainNormScope norms(m_plainNorms);
        begin(size, frames);
        readReference();
        readConditions();
        auto prediction = orThrow(m_backend.predict({&m_requests.front(), 1}, {})).front();
        SamplerSettings settings;
        settings.steps = steps;
        Sampler sampler(m_backend, settings);
        const auto latents =
            orThrow(sampler.run(noise(1, frames, m_backend.latentShape({size, size})), {}));
        return {std::move(prediction.withIdentity), orThrow(m_backend.decode(latents, {}))};
    }

private:
    static MimoOptions optionsOf(const std::string& formulation) {
        MimoOptions options;
        options.plain = formulation.starts_with("plain");
        options.record = formulation == "recorded";
        options.note = [](const std::string& text) { std::puts(text.c_str()); };
        return options;
    }

    template <typename Run>
    static double timed(const Run& run) {
        const Clock clock;
        run();
        return clock.seconds();
    }

    void begin(int size, int frames) {
        m_size = size;
        m_frames = frames;
        orThrow(m_backend.beginClip(frames, {size, size}));
        m_requests.clear();
        for (const auto& window : contextWindows(frames, 0)) {
            auto& request = m_requests.emplace_back();
            request.frames = window.frames;
            request.timestep = kTimestep;
            request.withoutIdentity = true;
            request.latents =
                noise(1, int(window.frames.size()), m_backend.latentShape({size, size}));
        }
        const int images = int(m_config.vae.imageChannels);
        m_reference = {noise(5, 1, {images, size, size}),
                       noise(6, 1, {3, int(m_config.clip.image), int(m_config.clip.image)})};
        if (!m_config.usesClip())
            m_reference.tokens =
                noise(7, 1, {1, int(m_config.tokens), int(m_config.denoiser.contextWidth)});
        m_conditions.clear();
        for (const int count : parts()) {
            auto& input = m_conditions[count];
            if (!input.pose.empty())
                continue;
            input.pose = noise(2, count, {int(m_config.pose.inChannels), size, size});
            if (m_config.scene)
                input.scene = noise(3, count, {images, size, size});
            if (m_config.occluder)
                input.occluder = noise(4, count, {images, size, size});
            if (m_config.sketch)
                input.sketch = noise(8, count, {images, size, size});
        }
    }

    std::vector<int> parts() const {
        std::vector<int> counts;
        for (int first = 0; first < m_frames; first += kPart)
            counts.push_back(std::min(kPart, m_frames - first));
        return counts;
    }

    void readReference() { orThrow(m_backend.setReference(m_reference, {})); }

    void readConditions() {
        int first = 0;
        for (const int count : parts()) {
            orThrow(m_backend.setConditions(first, m_conditions.at(count), {}));
            first += count;
        }
    }

    int step() {
        const auto predictions = orThrow(m_backend.predict(m_requests, {}));
        return int(predictions.size());
    }

    void decodeAll() {
        for (const int count : parts())
            orThrow(m_backend.decode(noise(1, count, m_backend.latentShape({m_size, m_size})), {}));
    }

    nn::MimoConfig m_config;
    bool m_plainNorms, m_recorded;
    MimoBackend m_backend;
    int m_size = 0, m_frames = 0;
    std::vector<PredictionRequest> m_requests;
    ReferenceInput m_reference;
    std::map<int, ConditionInput> m_conditions;
};

LoadedMimo networks(const nn::MimoConfig& config, const std::string& precision,
                    const std::string& device) {
    MimoPlace place;
    place.device = device;
    place.precision = precision == "fp16"   ? MimoPrecision::Half
                      : precision == "bf16" ? MimoPrecision::BFloat16
                                            : MimoPrecision::Float;
    const Clock clock;
    auto loaded = orThrow(randomMimo(config, kSeed, place));
    std::printf("networks in %s after %.1f s\n", precision.c_str(), clock.seconds());
    std::fflush(stdout);
    return loaded;
}

double psnr(const FrameStack& given, const FrameStack& wanted) {
    double square = 0, low = HUGE_VAL, high = -HUGE_VAL;
    for (std::size_t i = 0; i < wanted.values().size(); ++i) {
        const double miss = double(given.values().at(i)) - double(wanted.values()[i]);
        square += miss * miss / double(wanted.values().size());
        low = std::min(low, double(wanted.values()[i]));
        high = std::max(high, double(wanted.values()[i]));
    }
    return 10 * std::log10((high - low) * (high - low) / std::max(square, 1e-30));
}

class Bench {
public:
    Bench(const Arguments& arguments, nn::MimoConfig config)
        : m_arguments(arguments)
        , m_config(std::move(config))
        , m_report(arguments.text("out", ""))
        , m_options{arguments.text("device", "cuda"), arguments.text("network", "official"),
                    arguments.number("steps", 25), std::max(1, arguments.number("repeats", 2))} {}

    void speed() {
        for (const auto& precision : m_arguments.list("precisions", "bf16,fp16")) {
            std::optional<LoadedMimo> loaded;
            for (const auto& size : m_arguments.list("sizes", "512,784"))
                for (const auto& frames : m_arguments.list("frames", "24,150"))
                    for (const auto& formulation : m_arguments.list(
                             "formulations", "saved,recorded,plain,plain-fused-norms")) {
                        const auto name = m_options.network + " " + precision + " " + size + " " +
                                          frames + " " + formulation;
                        if (m_report.has(name))
                            continue;
                        if (!loaded)
                            loaded = networks(m_config, precision, m_options.device);
                        one(name, *loaded, std::stoi(size), std::stoi(frames), formulation);
                    }
        }
    }

    void precision() {
        const int size = m_arguments.number("check-size", 512);
        const int frames = m_arguments.number("check-frames", 24);
        const int steps = m_arguments.number("check-steps", 4);
        std::optional<std::pair<FrameStack, FrameStack>> exact;
        for (const std::string type : {"fp16", "bf16"}) {
            const auto name = m_options.network + " precision " + type + " " + std::to_string(size);
            if (m_report.has(name) ||
                (type == "fp16" && !torch::Device(m_options.device).is_cuda()))
                continue; // LibTorch's processor code has no fp16
            if (!exact)
                exact = resultsOf("fp32", size, frames, steps);
            const auto rounded = resultsOf(type, size, frames, steps);
            m_report.write(Report::Line(name)
                               .add("steps", steps)
                               .add("prediction_psnr", psnr(rounded.first, exact->first))
                               .add("picture_psnr", psnr(rounded.second, exact->second)));
        }
    }

private:
    std::pair<FrameStack, FrameStack> resultsOf(const std::string& type, int size, int frames,
                                                int steps) {
        const auto loaded = networks(m_config, type, m_options.device);
        return Generator(loaded, m_config, "saved").results(size, frames, steps);
    }

    void one(const std::string& name, const LoadedMimo& loaded, int size, int frames,
             const std::string& formulation) {
        Report::Line line(name);
        resetPeakMemory(m_options.device);
        try {
            const auto times =
                Generator(loaded, m_config, formulation).clip(size, frames, m_options);
            const double clip = times.clip(m_options.steps);
            line.add("fps", frames / clip)
                .add("clip_seconds", clip)
                .add("steps", m_options.steps)
                .add("reference_seconds", times.reference)
                .add("conditions_seconds", times.conditions)
                .add("step_seconds", times.step)
                .add("windows", times.calls)
                .add("decode_seconds", times.decode)
                .add("peak_gib", peakMemory(m_options.device) / (1 << 30));
            const auto place = name.substr(0, name.rfind(' '));
            if (formulation == "saved")
                m_saved[place] = clip;
            else if (m_saved.contains(place))
                line.add("ratio_to_saved", clip / m_saved[place]);
        } catch (const std::exception& e) {
            const std::string text = e.what();
            line.add("trouble", text.substr(0, text.find('\n')));
        }
        m_report.write(line);
    }

    const Arguments& m_arguments;
    nn::MimoConfig m_config;
    Report m_report;
    Options m_options;
    std::map<std::string, double> m_saved; // seconds of a clip
};

} // namespace

int measure(const Arguments& arguments) {
    const auto config = configOf(arguments.text("network", "official"));
    if (!config) {
        std::puts("The networks are official, paper, small or tiny.");
        return 2;
    }
    const auto device = arguments.text("device", "cuda");
    at::globalContext().setBenchmarkCuDNN(true);
    std::printf("LibTorch %s on %s\n", TORCH_VERSION,
                torch::Device(device).is_cuda() ? deviceName(device).c_str() : "the CPU");
    try {
        Bench bench(arguments, *config);
        bench.speed();
        if (arguments.text("checks", "yes") == "yes")
            bench.precision();
    } catch (const std::exception& e) {
        std::printf("strata_gpu: %s\n", e.what());
        return 1;
    }
    return 0;
}

} // namespace strata::gpu
