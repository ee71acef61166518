// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/result.h"
#include "engine/synth/diffusion/context_windows.h"
#include "engine/synth/diffusion/ddim.h"
#include "engine/synth/diffusion/denoiser_backend.h"
#include "engine/synth/diffusion/sampler_state.h"

#include <functional>

namespace strata {

struct SamplerSettings {
    int steps = 25;
    float guidance = 3.5f; // 1 or less: none, and half the work
    // Guided are the steps from guideFrom to guideTo, as shares of the trajectory. Less than the
    // whole of it is quicker and changes the result.
    double guideFrom = 0.0;
    double guideTo = 1.0;
    WindowConfig windows;
    Arithmetic arithmetic = Arithmetic::Float;
    NoiseScheduleConfig noise;
};

/// How far a run is, after a window.
struct SamplerPosition {
    int step = 0, steps = 0;
    int window = 0, windows = 0; // done and all of this step
};

struct SamplerHooks {
    std::function<void(const SamplerPosition&)> moved;
    /// After every `previewEvery`-th step: the latents without noise as they look by now.
    std::function<void(const SamplerPosition&, const FrameStack& clean)> preview;
    int previewEvery = 1;
    /// After every `saveEvery`-th window and the last one. An error ends the run.
    std::function<Status(const SamplerState&)> save;
    int saveEvery = 1;
};

/// The denoising loop: steps times windows of frames (mimo-spec 1.8). Knows neither files nor
/// networks; the backend's conditions must be set for all frames.
class Sampler {
public:
    Sampler(DenoiserBackend& backend, SamplerSettings settings, SamplerHooks hooks = {});

    /// Denoises `noise`; gives the latents of the clip. Cancelled as soon as a network call returns
    /// after job.stop was asked for; the last saved state can then be continued.
    Result<FrameStack> run(FrameStack noise, const JobContext& job);
    /// Goes on from a saved state.
    Result<FrameStack> resume(SamplerState state, const JobContext& job);

private:
    struct Step {
        int timestep;
        bool guided;
        std::vector<ContextWindow> windows;
    };

    Result<std::vector<Step>> plan(int frames) const;
    Status checkState(const SamplerState& state, const std::vector<Step>& plan) const;
    Status predictWindows(SamplerState& state, const Step& step, const JobContext& job);
    Status addPredictions(SamplerState& state, const Step& step,
                          const std::vector<Prediction>& predictions) const;
    Status finishStep(SamplerState& state, const Step& step);
    void report(const SamplerState& state, const Step& step, const JobContext& job) const;

    DenoiserBackend& m_backend;
    SamplerSettings m_settings;
    SamplerHooks m_hooks;
    DdimSchedule m_schedule;
    std::vector<std::int64_t> m_windowsBefore; // windows of all steps before each
    int m_unsaved = 0;
};

/// The prediction that is followed: away from what the networks give without the identity.
void guide(std::span<const float> without, std::span<float> with, float guidance,
           Arithmetic arithmetic = Arithmetic::Float);

} // namespace strata
