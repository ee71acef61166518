// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/diffusion/denoiser_backend.h"
#include "engine/synth/mimo/memory_plan.h"
#include "engine/synth/mimo/mimo_loader.h"

#include <functional>
#include <memory>
#include <optional>

namespace strata {

/// How the networks are run.
struct MimoOptions {
    /// Everything is computed as published instead of with the exact savings; to compare with.
    bool plain = false;
    /// What the reference network says is rounded to half precision, as the published system does
    /// whatever its own precision.
    bool bankInHalf = false;
    /// On a GPU the denoiser is recorded once and then started as a whole (nn::CapturedCall), which
    /// is quicker where its layers are small. Takes more memory, and a stop is noticed only between
    /// windows.
    bool record = false;
    int threads = 0; // on the CPU; 0: as many as the rest of the engine
    /// How the memory is used; by default as if there were enough.
    std::optional<MemoryLadder> memory;
    /// Where to compute when the networks wait in host memory; by default where they are.
    std::string device;
    /// Is told in a sentence when something is done in another way than planned.
    std::function<void(const std::string&)> note;
};

/// The generator's networks as the sampling loop sees them. What depends on the identity or on a
/// frame of the clip alone is computed once: tokens of the reference network with their keys and
/// values, the cross-attention to the CLIP token, features of the motion code, latents of the
/// scene. A stop is noticed between the layers of the denoiser and between pictures. Keeps freed
/// memory for its networks from the first call to its end (nn::MemoryScope). A call that runs out
/// of memory is repeated with the next smaller plan, and fails only when there is none.
class MimoBackend final : public DenoiserBackend {
public:
    static Result<std::unique_ptr<MimoBackend>> load(const MimoFiles& files,
                                                     const nn::MimoConfig& config,
                                                     const MimoPlace& place = {},
                                                     const MimoOptions& options = {});
    /// Networks can be shared by backends that are not used at the same time.
    explicit MimoBackend(std::shared_ptr<nn::MimoNetworks> networks,
                         const MimoOptions& options = {});
    ~MimoBackend() override;

    /// Sentences about tensors of the files that are not used, for the log.
    const std::vector<std::string>& notes() const { return m_notes; }
    /// What is followed now.
    const MemoryLadder& memory() const;

    FrameShape latentShape(Size picture) const override;
    int longestWindow() const override;
    int windowsPerCall() const override;
    int picturesPerCall() const override;
    Status setReference(const ReferenceInput& reference, std::stop_token stop) override;
    Status beginClip(int frames, Size picture) override;
    Status setConditions(int first, const ConditionInput& input, std::stop_token stop) override;
    Result<std::vector<Prediction>> predict(std::span<const PredictionRequest> requests,
                                            std::stop_token stop) override;
    Result<FrameStack> encode(const FrameStack& pictures, std::stop_token stop) override;
    Result<FrameStack> decode(const FrameStack& latents, std::stop_token stop) override;
    bool refines() const override;
    Result<FrameStack> refine(FrameStack change, const FrameStack& sketch, const FrameStack& scene,
                              std::stop_token stop) override;
    /// As large as the latents, by what the pictures of this clip have taught.
    Result<FrameStack> decodeDraft(const FrameStack& latents, std::stop_token stop) override;

private:
    Status check(const PredictionRequest& request) const;

    struct Impl;
    std::unique_ptr<Impl> m_impl;
    std::vector<std::string> m_notes;
};

} // namespace strata
