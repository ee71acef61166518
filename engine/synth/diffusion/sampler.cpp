// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/sampler.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

namespace strata {
namespace {

FrameStack framesOf(const FrameStack& stack, const std::vector<int>& frames) {
    FrameStack out(int(frames.size()), stack.shape());
    for (std::size_t i = 0; i < frames.size(); ++i)
        std::ranges::copy(stack.frame(frames[i]), out.frame(int(i)).begin());
    return out;
}

/// sums += weight * prediction, frame by frame.
void addWeighted(FrameStack& sums, const FrameStack& prediction, const ContextWindow& window,
                 Arithmetic arithmetic) {
    for (std::size_t i = 0; i < window.frames.size(); ++i) {
        const float weight = window.weights[i];
        const auto from = prediction.frame(int(i));
        const auto to = sums.frame(window.frames[i]);
        for (std::size_t k = 0; k < to.size(); ++k) {
            to[k] += weight * from[k];
            if (isHalf(arithmetic))
                to[k] = roundedToHalf(to[k]);
        }
    }
}

void divide(FrameStack& sums, const std::vector<float>& weights, Arithmetic arithmetic) {
    for (int f = 0; f < sums.frames(); ++f)
        for (float& value : sums.frame(f)) {
            value /= weights[std::size_t(f)];
            if (isHalf(arithmetic))
                value = roundedToHalf(value);
        }
}

bool finite(const FrameStack& stack) {
    return std::ranges::all_of(stack.values(), [](float value) { return std::isfinite(value); });
}

} // namespace

void guide(std::span<const float> without, std::span<float> with, float guidance,
           Arithmetic arithmetic) {
    assert(without.size() == with.size());
    const auto h = roundedToHalf;
    for (std::size_t i = 0; i < with.size(); ++i)
        with[i] = isHalf(arithmetic) ? h(without[i] + h(guidance * h(with[i] - without[i])))
                                     : without[i] + guidance * (with[i] - without[i]);
}

Sampler::Sampler(DenoiserBackend& backend, SamplerSettings settings, SamplerHooks hooks)
    : m_backend(backend)
    , m_settings(settings)
    , m_hooks(std::move(hooks))
    , m_schedule(settings.noise) {}

Result<std::vector<Sampler::Step>> Sampler::plan(int frames) const {
    if (frames < 1)
        return Error{ErrorCode::NothingToDo, "There are no frames to generate."};
    if (std::min(frames, m_settings.windows.size) > m_backend.longestWindow())
        return Error{ErrorCode::Usage, "The networks take windows of up to " +
                                           std::to_string(m_backend.longestWindow()) +
                                           " frames, not " +
                                           std::to_string(m_settings.windows.size) + "."};
    STRATA_ASSIGN(const std::vector<int> timesteps, m_schedule.timesteps(m_settings.steps));
    std::vector<Step> steps;
    for (int i = 0; i < m_settings.steps; ++i) {
        const double at = double(i) / m_settings.steps;
        const bool guided =
            m_settings.guidance > 1.f && at >= m_settings.guideFrom && at < m_settings.guideTo;
        steps.push_back(
            {timesteps[std::size_t(i)], guided, contextWindows(frames, i, m_settings.windows)});
    }
    return steps;
}

Result<FrameStack> Sampler::run(FrameStack noise, const JobContext& job) {
    SamplerState state;
    state.latents = std::move(noise);
    return resume(std::move(state), job);
}

Status Sampler::checkState(const SamplerState& state, const std::vector<Step>& plan) const {
    const auto step = std::size_t(state.step);
    const bool atEnd = step == plan.size() && state.windowsDone == 0;
    if (!atEnd && (step >= plan.size() || state.windowsDone > int(plan[step].windows.size())))
        return Error{ErrorCode::Usage,
                     "The saved state belongs to a run with other steps or windows."};
    if (state.windowsDone > 0 &&
        (!state.withIdentity.sameShape(state.latents) ||
         plan[step].guided == state.withoutIdentity.empty() ||
         (plan[step].guided && !state.withoutIdentity.sameShape(state.latents)) ||
         state.weights.size() != std::size_t(state.latents.frames())))
        return Error{ErrorCode::Usage, "The saved state belongs to a run with other settings."};
    return ok();
}

Result<FrameStack> Sampler::resume(SamplerState state, const JobContext& job) {
    STRATA_ASSIGN(const std::vector<Step> steps, plan(state.latents.frames()));
    STRATA_TRY(checkState(state, steps));
    m_windowsBefore.assign(1, 0);
    for (const Step& step : steps)
        m_windowsBefore.push_back(m_windowsBefore.back() + std::int64_t(step.windows.size()));
    m_unsaved = 0;
    while (state.step < int(steps.size())) {
        const Step& step = steps[std::size_t(state.step)];
        STRATA_TRY(predictWindows(state, step, job));
        STRATA_TRY(finishStep(state, step));
    }
    return std::move(state.latents);
}

Status Sampler::predictWindows(SamplerState& state, const Step& step, const JobContext& job) {
    if (state.windowsDone == 0) {
        state.withIdentity = FrameStack(state.latents.frames(), state.latents.shape());
        state.withoutIdentity =
            step.guided ? FrameStack(state.latents.frames(), state.latents.shape()) : FrameStack{};
        state.weights.assign(std::size_t(state.latents.frames()), 0.f);
    }
    while (state.windowsDone < int(step.windows.size())) {
        if (job.stopRequested())
            return cancelled();
        const int count =
            std::clamp(m_backend.windowsPerCall(), 1, int(step.windows.size()) - state.windowsDone);
        std::vector<PredictionRequest> requests;
        for (int i = 0; i < count; ++i) {
            const auto& frames = step.windows[std::size_t(state.windowsDone + i)].frames;
            requests.push_back(
                {frames, step.timestep, framesOf(state.latents, frames), true, step.guided});
        }
        STRATA_ASSIGN(const std::vector<Prediction> predictions,
                      m_backend.predict(requests, job.stop));
        if (predictions.size() != requests.size())
            return Error{ErrorCode::Internal, "The networks left out a prediction."};
        STRATA_TRY(addPredictions(state, step, predictions));
        state.windowsDone += count;
        report(state, step, job);
        m_unsaved += count;
        const bool last =
            state.step + 1 == m_settings.steps && state.windowsDone == int(step.windows.size());
        if (m_hooks.save && (last || m_unsaved >= m_hooks.saveEvery)) {
            STRATA_TRY(m_hooks.save(state));
            m_unsaved = 0;
        }
    }
    return ok();
}

Status Sampler::addPredictions(SamplerState& state, const Step& step,
                               const std::vector<Prediction>& predictions) const {
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        const ContextWindow& window = step.windows[std::size_t(state.windowsDone) + i];
        const Prediction& prediction = predictions[i];
        const auto fits = [&](const FrameStack& stack) {
            return stack.frames() == int(window.frames.size()) &&
                   stack.shape() == state.latents.shape();
        };
        if (!fits(prediction.withIdentity) || (step.guided && !fits(prediction.withoutIdentity)))
            return Error{ErrorCode::Internal,
                         "The networks gave a prediction of another shape than the latents."};
        addWeighted(state.withIdentity, prediction.withIdentity, window, m_settings.arithmetic);
        if (step.guided)
            addWeighted(state.withoutIdentity, prediction.withoutIdentity, window,
                        m_settings.arithmetic);
        for (std::size_t k = 0; k < window.frames.size(); ++k)
            state.weights[std::size_t(window.frames[k])] += window.weights[k];
    }
    return ok();
}

Status Sampler::finishStep(SamplerState& state, const Step& step) {
    divide(state.withIdentity, state.weights, m_settings.arithmetic);
    if (step.guided) {
        divide(state.withoutIdentity, state.weights, m_settings.arithmetic);
        guide(state.withoutIdentity.values(), state.withIdentity.values(), m_settings.guidance,
              m_settings.arithmetic);
    }
    const int done = state.step + 1;
    const bool wanted = m_hooks.preview && m_hooks.previewEvery > 0 &&
                        (done % m_hooks.previewEvery == 0 || done == m_settings.steps);
    FrameStack clean =
        wanted ? FrameStack(state.latents.frames(), state.latents.shape()) : FrameStack{};
    m_schedule.step(step.timestep, m_settings.steps, state.withIdentity.values(),
                    state.latents.values(), clean.values(), m_settings.arithmetic);
    if (!finite(state.latents))
        return Error{ErrorCode::BadFormat,
                     "The networks gave numbers that are not finite at step " +
                         std::to_string(done) + "; the model file may be damaged."};
    if (wanted) {
        const int windows = int(step.windows.size());
        m_hooks.preview({done, m_settings.steps, windows, windows}, clean);
    }
    state.step = done;
    state.windowsDone = 0;
    return ok();
}

void Sampler::report(const SamplerState& state, const Step& step, const JobContext& job) const {
    job.progress("denoise", m_windowsBefore[std::size_t(state.step)] + state.windowsDone,
                 m_windowsBefore.back());
    if (m_hooks.moved)
        m_hooks.moved({state.step, m_settings.steps, state.windowsDone, int(step.windows.size())});
}

} // namespace strata
