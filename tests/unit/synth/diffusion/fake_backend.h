// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/diffusion/denoiser_backend.h"

#include <functional>

/// Networks that answer with what a test tells them, and remember what they were given.
class FakeBackend : public strata::DenoiserBackend {
public:
    using Stack = strata::FrameStack;

    strata::FrameShape latentShape(strata::Size picture) const override {
        return {4, picture.height / 8, picture.width / 8};
    }
    int longestWindow() const override { return 32; }
    int windowsPerCall() const override { return windows; }
    int picturesPerCall() const override { return pictures; }

    strata::Status setReference(const strata::ReferenceInput& input, std::stop_token) override {
        reference = input;
        return strata::ok();
    }
    strata::Status beginClip(int frames, strata::Size picture) override {
        clipLengths.push_back(frames);
        m_picture = picture;
        scenes = Stack(frames, {3, picture.height, picture.width});
        poses = Stack();
        occluders = Stack();
        sketches = Stack();
        return strata::ok();
    }
    strata::Status setConditions(int first, const strata::ConditionInput& input,
                                 std::stop_token) override {
        if (poses.empty())
            poses = Stack(scenes.frames(), input.pose.shape());
        if (!input.occluder.empty() && occluders.empty())
            occluders = Stack(scenes.frames(), input.occluder.shape());
        if (!input.sketch.empty() && sketches.empty())
            sketches = Stack(scenes.frames(), input.sketch.shape());
        for (int i = 0; i < input.sketch.frames(); ++i)
            std::ranges::copy(input.sketch.frame(i), sketches.frame(first + i).begin());
        for (int i = 0; i < input.occluder.frames(); ++i)
            std::ranges::copy(input.occluder.frame(i), occluders.frame(first + i).begin());
        for (int i = 0; i < input.scene.frames(); ++i) {
            std::ranges::copy(input.scene.frame(i), scenes.frame(first + i).begin());
            std::ranges::copy(input.pose.frame(i), poses.frame(first + i).begin());
        }
        return strata::ok();
    }
    strata::Result<std::vector<strata::Prediction>>
    predict(std::span<const strata::PredictionRequest> requests, std::stop_token stop) override {
        ++calls;
        std::vector<strata::Prediction> out;
        for (const auto& request : requests) {
            if (stop.stop_requested())
                return strata::cancelled();
            ++windowsSeen;
            strata::Prediction one;
            if (request.withIdentity)
                one.withIdentity = answer(request, true);
            if (request.withoutIdentity)
                one.withoutIdentity = answer(request, false);
            out.push_back(std::move(one));
        }
        return out;
    }
    strata::Result<Stack> encode(const Stack& input, std::stop_token) override {
        return Stack(input.frames(), latentShape({input.shape().width, input.shape().height}));
    }
    strata::Result<Stack> decode(const Stack& latents, std::stop_token) override {
        Stack out(latents.frames(), {3, m_picture.height, m_picture.width});
        for (int i = 0; i < latents.frames(); ++i)
            picture(m_decoded++, out.frame(i));
        return out;
    }

    bool refines() const override { return true; }
    strata::Result<Stack> refine(Stack change, const Stack& sketch, const Stack& scene,
                                 std::stop_token) override {
        refinedSketches = sketch;
        refinedScenes = scene;
        for (float& value : change.values())
            value *= refining;
        return change;
    }

    int windows = 1, pictures = 3;
    float refining = 1;                   // what refine() multiplies with
    Stack refinedSketches, refinedScenes; // of its last call
    int calls = 0, windowsSeen = 0;
    std::vector<int> clipLengths;
    Stack scenes, poses;
    Stack occluders, sketches; // empty when no such pictures were given
    strata::ReferenceInput reference;
    /// v with or without the identity; by default something that depends on all that matters.
    std::function<Stack(const strata::PredictionRequest&, bool)> answer = mixture;
    /// The n-th decoded picture; by default grey.
    std::function<void(int, std::span<float>)> picture = [](int, std::span<float> planes) {
        std::ranges::fill(planes, 0.5f);
    };

    static Stack mixture(const strata::PredictionRequest& request, bool identity) {
        Stack out = request.latents;
        for (int i = 0; i < out.frames(); ++i)
            for (float& value : out.frame(i))
                value = 0.6f * value +
                        (identity ? 0.03f : 0.01f) * float(request.frames[std::size_t(i)] % 7) +
                        0.02f * float(i) - 0.0001f * float(request.timestep);
        return out;
    }

private:
    strata::Size m_picture;
    int m_decoded = 0;
};
