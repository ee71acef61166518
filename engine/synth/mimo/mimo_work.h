// SPDX-License-Identifier: Apache-2.0
// What MimoBackend keeps and does once its input is checked; for the sources of this folder.
#pragma once

#include "engine/nn/cuda/captured_call.h"
#include "engine/nn/guard.h"
#include "engine/nn/layers/work_block.h"
#include "engine/nn/memory_scope.h"
#include "engine/nn/threads.h"
#include "engine/synth/diffusion/draft_decoder.h"
#include "engine/synth/mimo/mimo_backend.h"
#include "engine/synth/mimo/mimo_tensors.h"
#include "engine/synth/mimo/network_places.h"

#include <array>
#include <optional>

namespace strata {

/// Leaves a network between two of its layers. No std::exception: it is no failure.
struct Stopped {};

inline void leaveWhen(const std::stop_token& stop) {
    if (stop.stop_requested())
        throw Stopped{};
}

struct MimoBackend::Impl {
    Impl(std::shared_ptr<nn::MimoNetworks> given, const MimoOptions& wanted);

    std::optional<nn::MemoryScope> scope; // ends after all tensors
    std::shared_ptr<nn::MimoNetworks> networks;
    MimoOptions options;
    torch::TensorOptions place; // type and device that compute
    NetworkPlaces places;
    MemoryLadder memory;

    nn::Conditions conditions; // of two clips: without and with the identity
    bool hasReference = false;

    nn::CapturedCall recorded; // the denoiser, for these conditions
    nn::Conditions recordedConditions;
    std::array<int, 3> recordedFor{}; // windows, without and with the identity

    Size picture;
    FrameShape latent;
    torch::Tensor pose;   // [frames, C, h, w]: features of the motion code
    torch::Tensor around; // [frames, C, h, w]: latents of the scene and the occluder
    std::vector<bool> known;
    DraftDecoder draft;

    const nn::MimoConfig& config() const { return networks->config; }
    const MemoryPlan& plan() const { return memory.plan(); }

    /// Calls `run`, again and with a smaller plan as long as it runs out of memory.
    template <typename F>
    std::invoke_result_t<F> guarded(const std::string& doing, MemoryPhase phase, F&& run) {
        if (!scope && place.device().is_cpu())
            scope.emplace();
        const nn::ThreadScope threads(options.threads > 0 ? options.threads
                                                          : nn::ThreadScope::all());
        for (;;) {
            auto result = attempt(doing, run);
            if (result || result.error().code != ErrorCode::OutOfMemory)
                return result;
            STRATA_TRY(retreat(doing, phase));
        }
    }

    void makeRoom(int frames);
    torch::Tensor tokensOf(const ReferenceInput& reference);
    void readReference(const ReferenceInput& reference, const std::stop_token& stop);
    void readConditions(int first, const FrameStack& motion,
                        const std::vector<const FrameStack*>& around, const std::stop_token& stop);
    torch::Tensor encoded(const FrameStack& pictures, const std::stop_token& stop);
    FrameStack decoded(const FrameStack& latents, const std::stop_token& stop);
    FrameStack refined(const FrameStack& change, const FrameStack& sketch, const FrameStack& scene,
                       const std::stop_token& stop);
    /// Predictions for as many of the first requests as go together.
    std::vector<Prediction> predictFirst(std::span<const PredictionRequest> requests,
                                         const std::stop_token& stop);

private:
    template <typename F>
    std::invoke_result_t<F> attempt(const std::string& doing, F&& run) {
        const nn::WorkBlockScope block(plan().block);
        try {
            return nn::inferring(doing, run);
        } catch (const Stopped&) {
            return cancelled();
        }
    }
    Status retreat(const std::string& doing, MemoryPhase phase);
    void followPlan();

    nn::Conditions conditionsFor(int windows, bool without, bool with) const;
    std::size_t alike(std::span<const PredictionRequest> requests) const;
    torch::Tensor sampleOf(std::span<const PredictionRequest> requests) const;
    torch::Tensor poseOf(std::span<const PredictionRequest> requests) const;
    torch::Tensor denoised(std::span<const PredictionRequest> requests, bool without, bool with,
                           const std::stop_token& stop);
    torch::Tensor denoisedAtOnce(std::span<const PredictionRequest> requests,
                                 const torch::Tensor& timestep, bool without, bool with);
    void forgetRecorded();
};

} // namespace strata
