// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/sampler.h"
#include "engine/synth/diffusion/seeded_noise.h"

#include "tests/unit/synth/diffusion/fake_backend.h"
#include "tests/unit/synth/diffusion/golden.h"

#include <limits>

using namespace strata;

namespace {

constexpr FrameShape kShape{4, 6, 5};

SamplerSettings shortRun() {
    SamplerSettings settings;
    settings.steps = 4;
    return settings;
}

FrameStack noiseFor(int frames) { return seededNoise({1, 0, 0}, frames, kShape); }

FrameStack resultOf(FakeBackend& backend, const SamplerSettings& settings, int frames,
                    SamplerHooks hooks = {}) {
    auto out = Sampler(backend, settings, std::move(hooks)).run(noiseFor(frames), {});
    return out ? std::move(*out) : FrameStack{};
}

} // namespace

class TestSampler : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void endToEndTrajectoriesFollowFromThePredictions_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"12_e2e_64x64_f30_s4", "12_e2e_w72h104_f6_s3",
                                 "12_e2e_64x64_f6_s2_nocfg", "12_e2e_64x64_f30_s4_bankfp32"})
            QTest::addRow("%s", name) << name;
    }
    void endToEndTrajectoriesFollowFromThePredictions() {
        QFETCH(QString, name);
        NEEDS_GOLDEN(data, name.toStdString());
        const auto source =
            data.count("in/noise") ? golden(name.toStdString()) : golden("12_e2e_64x64_f30_s4");
        QVERIFY(source && source->count("in/noise"));
        const Array& guided = data.at("out/guided_prediction");
        SamplerSettings settings;
        settings.steps = int(guided.shape[0]);
        settings.guidance = source->at("in/cfg").toFloats().at(0);
        settings.windows.schedule = WindowSchedule::Release;
        // Both halves answer with what the published run had after guidance, in every window.
        FakeBackend backend;
        int step = -1, lastTimestep = -1;
        backend.answer = [&](const PredictionRequest& request, bool) {
            if (request.timestep != lastTimestep)
                ++step;
            lastTimestep = request.timestep;
            const FrameStack all = stackOf(guided, std::size_t(step));
            FrameStack out(int(request.frames.size()), all.shape());
            for (std::size_t i = 0; i < request.frames.size(); ++i)
                std::ranges::copy(all.frame(request.frames[i]), out.frame(int(i)).begin());
            return out;
        };
        SamplerHooks hooks;
        std::vector<FrameStack> states;
        hooks.save = [&](const SamplerState& state) {
            if (state.windowsDone == 1)
                states.push_back(state.latents);
            return ok();
        };
        auto out = Sampler(backend, settings, hooks).run(stackOf(source->at("in/noise")), {});
        QVERIFY(bool(out));
        states.push_back(*out);
        const Array& after = data.at("out/latents_after_step");
        for (std::size_t i = 0; i + 1 < states.size(); ++i)
            QVERIFY(
                difference(states[i + 1].values(), stackOf(after, i).values(), "latents").largest <=
                2e-5);
        QVERIFY(difference(out->values(), stackOf(data.at("out/final_latents")).values(), "final")
                    .largest <= 2e-5);
    }

    void aStopAndAResumeChangeNothing() {
        const int frames = 50;
        for (const auto schedule : {WindowSchedule::Open, WindowSchedule::Release}) {
            SamplerSettings settings = shortRun();
            settings.windows.schedule = schedule;
            FakeBackend whole;
            const FrameStack expected = resultOf(whole, settings, frames);
            QVERIFY(!expected.empty());
            for (int stopAfter = 1; stopAfter < whole.windowsSeen; ++stopAfter) {
                FakeBackend backend;
                std::stop_source stop;
                SamplerHooks hooks;
                ArrayMap saved;
                hooks.save = [&](const SamplerState& state) {
                    saved = toArrays(state);
                    if (backend.windowsSeen == stopAfter)
                        stop.request_stop();
                    return ok();
                };
                Sampler sampler(backend, settings, hooks);
                const auto stopped = sampler.run(noiseFor(frames), {stop.get_token(), {}});
                QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
                QCOMPARE(backend.windowsSeen, stopAfter);
                auto state = samplerStateFrom(saved, "state.npz");
                QVERIFY2(bool(state), state ? "" : state.error().message.c_str());
                const auto out = Sampler(backend, settings).resume(std::move(*state), {});
                QVERIFY(bool(out));
                QVERIFY(*out == expected);
                QCOMPARE(backend.windowsSeen, whole.windowsSeen);
            }
        }
    }

    void windowsPerCallDoNotChangeTheResult() {
        FakeBackend one, three;
        three.windows = 3;
        QVERIFY(resultOf(one, shortRun(), 70) == resultOf(three, shortRun(), 70));
        QVERIFY(three.calls < one.calls && three.windowsSeen == one.windowsSeen);
    }

    void progressReachesItsEndStepByStep() {
        FakeBackend backend;
        std::vector<Progress> seen;
        std::vector<SamplerPosition> positions;
        int previews = 0;
        SamplerHooks hooks;
        hooks.moved = [&](const SamplerPosition& at) { positions.push_back(at); };
        hooks.previewEvery = 2;
        FrameStack last;
        hooks.preview = [&](const SamplerPosition&, const FrameStack& clean) {
            ++previews;
            last = clean;
        };
        JobContext job;
        job.report = [&](const Progress& progress) { seen.push_back(progress); };
        const auto out = Sampler(backend, shortRun(), hooks).run(noiseFor(50), job);
        QVERIFY(bool(out));
        QCOMPARE(int(seen.size()), backend.windowsSeen);
        QCOMPARE(seen.back().fraction, 1.0);
        QVERIFY(std::ranges::is_sorted(seen, {}, &Progress::fraction));
        QCOMPARE(positions.back().window, positions.back().windows);
        QCOMPARE(previews, 2);
        QVERIFY(last == *out); // the last step's clean picture is the result
    }

    void guidanceGoesBeyondTheConditionedPrediction() {
        FakeBackend backend;
        backend.answer = [](const PredictionRequest& request, bool identity) {
            return FrameStack(request.latents.frames(), request.latents.shape(),
                              identity ? 0.5f : 0.25f);
        };
        SamplerSettings settings = shortRun();
        settings.steps = 1; // gives minus the guided v
        QCOMPARE(resultOf(backend, settings, 3).values()[0], -(0.25f + 3.5f * 0.25f));
        settings.guidance = 1.f;
        // Overlapping windows count once, also without guidance.
        const FrameStack plain = resultOf(backend, settings, 50);
        QVERIFY(!plain.empty());
        for (const float value : plain.values())
            QVERIFY(std::abs(value + 0.5f) < 1e-6f);
    }

    void guidanceCanBeLimitedToAPart() {
        FakeBackend backend;
        int asked = 0;
        backend.answer = [&](const PredictionRequest& request, bool identity) {
            asked += !identity;
            return FakeBackend::mixture(request, identity);
        };
        SamplerSettings settings = shortRun();
        settings.guideFrom = 0.25;
        settings.guideTo = 0.75;
        QVERIFY(!resultOf(backend, settings, 10).empty());
        QCOMPARE(asked, 2);
    }

    void halfArithmeticStaysInHalf() {
        FakeBackend backend;
        SamplerSettings settings = shortRun();
        const FrameStack exact = resultOf(backend, settings, 30);
        settings.arithmetic = Arithmetic::Half;
        const FrameStack half = resultOf(backend, settings, 30);
        for (const float value : half.values())
            QCOMPARE(value, roundedToHalf(value));
        const auto d = difference(half.values(), exact.values(), "half against float");
        QVERIFY(d.largest > 0.0 && d.largest < 0.02);
    }

    void brokenNetworksAreNamed() {
        FakeBackend backend;
        backend.answer = [](const PredictionRequest& request, bool) {
            FrameStack out = request.latents;
            out.values()[3] = std::numeric_limits<float>::quiet_NaN();
            return out;
        };
        const auto out = Sampler(backend, shortRun()).run(noiseFor(5), {});
        QVERIFY(!out && out.error().message.find("not finite at step 1") != std::string::npos);
        backend.answer = [](const PredictionRequest&, bool) { return FrameStack(1, {4, 1, 1}); };
        QVERIFY(!Sampler(backend, shortRun()).run(noiseFor(5), {}));
        SamplerSettings settings = shortRun();
        settings.windows.size = 33;
        QVERIFY(!Sampler(backend, settings).run(noiseFor(40), {}));
        QVERIFY(!Sampler(backend, shortRun()).run({}, {}));
    }

    void statesOfOtherRunsAreRefused() {
        SamplerState state;
        state.latents = noiseFor(6);
        state.step = 9;
        FakeBackend backend;
        QVERIFY(!Sampler(backend, shortRun()).resume(state, {}));
        state.step = 1;
        state.windowsDone = 1; // but no sums
        QVERIFY(!Sampler(backend, shortRun()).resume(state, {}));

        state.withIdentity = state.withoutIdentity = state.latents;
        state.weights.assign(6, 1.f);
        const ArrayMap good = toArrays(state);
        QVERIFY(bool(samplerStateFrom(good, "a")));
        for (const auto& [name, array] : good) {
            ArrayMap bad = good;
            bad.erase(name);
            if (name != "without_identity") // a step without guidance has none
                QVERIFY2(!samplerStateFrom(bad, "a"), name.c_str());
            const float few[2] = {1.f, std::numeric_limits<float>::infinity()};
            bad[name] = Array::of({2}, std::span<const float>(few));
            QVERIFY2(name == "position" || !samplerStateFrom(bad, "a"), name.c_str());
        }
        const std::int32_t far[2] = {-1, 0};
        ArrayMap bad = good;
        bad["position"] = Array::of({2}, std::span<const std::int32_t>(far));
        QVERIFY(!samplerStateFrom(bad, "a"));
    }
};

QTEST_APPLESS_MAIN(TestSampler)
#include "test_sampler.moc"
