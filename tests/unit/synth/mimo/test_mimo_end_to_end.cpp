// SPDX-License-Identifier: Apache-2.0
// The published pipeline's results from the same pictures, noise and small random networks.
#include "tests/unit/synth/mimo/tiny_networks.h"

#include "engine/synth/diffusion/network_inputs.h"
#include "engine/synth/diffusion/sampler.h"
#include "engine/synth/mimo/mimo_backend.h"
#include "tests/unit/synth/diffusion/golden.h"

#include <array>

using namespace strata;

namespace {

constexpr const char* kLong = "12_e2e_64x64_f30_s4";

/// What errors grow to from step to step, by whether the bank was rounded to half precision.
constexpr std::array<double, 4> kLatentLimits{2e-4, 6e-4, 2e-3, 5e-3};
constexpr std::array<double, 4> kLatentLimitsHalf{1e-3, 3e-3, 1e-2, 3e-2};

struct Limits {
    std::array<double, 4> latents;
    double video;
};

Limits limitsOf(bool half) {
    return half ? Limits{kLatentLimitsHalf, 1e-2} : Limits{kLatentLimits, 1e-3};
}

int frameCount(const Array& pictures) { return int(pictures.shape.at(0)); }

FrameStack stackedOf(const Array& pictures, FrameStack (*convert)(const ImageU8&, Size),
                     Size size) {
    FrameStack out(frameCount(pictures), {3, size.height, size.width});
    for (int i = 0; i < out.frames(); ++i)
        std::ranges::copy(convert(imageOf(pictures, i), size).values(), out.frame(i).begin());
    return out;
}

FrameStack firstFrames(const FrameStack& stack, int count) {
    FrameStack out(count, stack.shape());
    for (int i = 0; i < count; ++i)
        std::ranges::copy(stack.frame(i), out.frame(i).begin());
    return out;
}

/// Row `row` of [B, C, F, h, w] as frames.
FrameStack rowOf(const Array& array, std::int64_t row) { return stackOf(array, std::size_t(row)); }

} // namespace

class TestMimoEndToEnd : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        m_networks = test::tinyNetworks();
        QVERIFY(m_networks);
    }

    void picturesFromThePublishedPipelinesInputs_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("half");
        QTest::addColumn<bool>("plain");
        for (const bool plain : {false, true}) {
            const char* how = plain ? "plain" : "saved";
            for (const char* name : {"12_e2e_64x64_f6_s2_nocfg", "12_e2e_w72h104_f6_s3"})
                QTest::addRow("%s %s", name, how) << name << true << plain;
        }
        QTest::addRow("%s saved", kLong) << kLong << true << false;
        QTest::addRow("%s_bankfp32 saved", kLong) << QString(kLong) + "_bankfp32" << false << false;
    }

    void picturesFromThePublishedPipelinesInputs() {
        QFETCH(QString, name);
        QFETCH(bool, half);
        QFETCH(bool, plain);
        NEEDS_GOLDEN(wanted, name.toStdString());
        const auto given = wanted.contains("in/noise") ? wantedFile : golden(kLong);
        if (!given || !given->contains("in/ref_rgb"))
            QSKIP("the inputs of this case are not here");
        const auto size = given->at("in/width_height_steps").toInts();
        MimoOptions options;
        options.plain = plain;
        options.bankInHalf = half;
        options.threads = 1;
        MimoBackend backend(m_networks, options);
        feed(backend, *given, {int(size[0]), int(size[1])});
        if (QTest::currentTestFailed())
            return;
        const Limits limits = limitsOf(half);
        firstPrediction(backend, wanted, half ? 3e-4 : 5e-5);
        if (QTest::currentTestFailed())
            return;
        const FrameStack latents = sample(backend, *given, wanted, int(size[2]), limits);
        if (QTest::currentTestFailed())
            return;
        if (!wanted.contains("out/video"))
            return;
        const auto pictures = backend.decode(latents, {});
        QVERIFY(bool(pictures));
        comparePictures(*pictures, stackOf(wanted.at("out/video")), limits.video);
    }

    // Guidance for several windows in one call, of which the last is shorter, and halves alone.
    void windowsOfACallAreIndependent() {
        MimoOptions alone, together;
        alone.threads = together.threads = 1;
        MemoryRequest request;
        request.windowsPerCall = 2;
        together.memory = MemoryLadder(m_networks->config, request);
        const auto latents = seededStack(3, {4, 5, 6}, 1.f);
        std::vector<PredictionRequest> requests;
        for (const auto& frames : {std::vector<int>{0, 1, 2}, {4, 3, 2}, {5, 6}})
            requests.push_back({frames, 501, firstFrames(latents, int(frames.size())), true, true});
        MimoBackend one(m_networks, alone), two(m_networks, together);
        for (MimoBackend* backend : {&one, &two})
            giveSomething(*backend, 7);
        const auto a = one.predict(requests, {}), b = two.predict(requests, {});
        QVERIFY(a && b);
        QCOMPARE(b->size(), requests.size());
        for (std::size_t i = 0; i < requests.size(); ++i) {
            near((*b)[i].withIdentity, (*a)[i].withIdentity, "with identity");
            near((*b)[i].withoutIdentity, (*a)[i].withoutIdentity, "without identity");
            QVERIFY(!((*a)[i].withIdentity == (*a)[i].withoutIdentity));
        }
        for (const bool with : {true, false}) {
            auto half = requests;
            for (auto& request : half) {
                request.withIdentity = with;
                request.withoutIdentity = !with;
            }
            const auto c = two.predict(half, {});
            QVERIFY(bool(c));
            for (std::size_t i = 0; i < half.size(); ++i) {
                QVERIFY((with ? (*c)[i].withoutIdentity : (*c)[i].withIdentity).empty());
                near(with ? (*c)[i].withIdentity : (*c)[i].withoutIdentity,
                     with ? (*a)[i].withIdentity : (*a)[i].withoutIdentity, "one half");
            }
        }
    }

    void aStoppedCallSaysSoAndTheNextOneWorks() {
        MimoBackend backend(m_networks, oneThread());
        giveSomething(backend, 3);
        std::stop_source stop;
        stop.request_stop();
        const auto latents = seededStack(3, {4, 5, 6}, 1.f);
        const PredictionRequest request{{0, 1, 2}, 1, latents, true, true};
        const auto prediction = backend.predict({&request, 1}, stop.get_token());
        QVERIFY(!prediction && prediction.error().code == ErrorCode::Cancelled);
        const auto decoded = backend.decode(latents, stop.get_token());
        QVERIFY(!decoded && decoded.error().code == ErrorCode::Cancelled);
        const auto encoded = backend.encode(seededStack(2, {3, 40, 48}, 1.f), stop.get_token());
        QVERIFY(!encoded && encoded.error().code == ErrorCode::Cancelled);
        QVERIFY(bool(backend.predict({&request, 1}, {}))); // and can go on
    }

    void whatDoesNotFitIsRefusedInASentence() {
        MimoBackend backend(m_networks, oneThread());
        const auto latents = seededStack(3, {4, 5, 6}, 1.f);
        PredictionRequest request{{0, 1, 2}, 1, latents, true, true};
        const auto message = [&] {
            const auto out = backend.predict({&request, 1}, {});
            return QString::fromStdString(out ? "" : out.error().message);
        };
        QVERIFY(message().contains("identity"));
        giveSomething(backend, 3);
        QVERIFY(message().isEmpty());
        request.frames = {0, 1, 3};
        QVERIFY(message().contains("Frame 3"));
        request.frames = {0, 1};
        QVERIFY(message().contains("each of its frames"));
        request.frames = {0, 1, 2};
        request.latents = seededStack(3, {4, 6, 5}, 1.f);
        QVERIFY(message().contains("4x5x6"));
        QVERIFY(bool(backend.beginClip(3, {48, 40})));
        request.latents = latents;
        QVERIFY(message().contains("no motion and scene"));
        QVERIFY(!backend.beginClip(3, {47, 40}));
        QVERIFY(!backend.setConditions(2, conditionsOf(2), {}));
        auto noScene = conditionsOf(2);
        noScene.scene = {};
        const auto status = backend.setConditions(0, noScene, {});
        QVERIFY(!status && status.error().message.find("scene") != std::string::npos);
        QCOMPARE(backend.longestWindow(), 32);
        request.frames.assign(33, 0);
        request.latents = seededStack(33, {4, 5, 6}, 1.f);
        QVERIFY(bool(backend.setConditions(0, conditionsOf(3), {})));
        QVERIFY(message().contains("up to 32 frames"));
    }

private:
    static MimoOptions oneThread() {
        MimoOptions options;
        options.threads = 1;
        return options;
    }

    static FrameStack seededStack(int frames, FrameShape shape, float scale) {
        FrameStack out(frames, shape);
        std::uint32_t state = 12345;
        for (float& value : out.values()) {
            state = state * 1664525u + 1013904223u;
            value = scale * (float(state >> 8) / float(1 << 24) * 2 - 1);
        }
        return out;
    }

    static ConditionInput conditionsOf(int frames) {
        ConditionInput input{
            seededStack(frames, {3, 40, 48}, 0.5f), seededStack(frames, {3, 40, 48}, 1.f), {}};
        for (float& value : input.pose.values())
            value += 0.5f;
        return input;
    }

    static void giveSomething(MimoBackend& backend, int frames) {
        QVERIFY(bool(backend.setReference(
            {seededStack(1, {3, 40, 48}, 0.9f), seededStack(1, {3, 224, 224}, 1.5f)}, {})));
        QVERIFY(bool(backend.beginClip(frames, {48, 40})));
        QVERIFY(bool(backend.setConditions(0, conditionsOf(frames), {})));
    }

    static void near(const FrameStack& a, const FrameStack& b, const char* what) {
        QVERIFY(a.sameShape(b));
        QVERIFY(difference(a.values(), b.values(), what).largest <= 3e-5);
    }

    void feed(MimoBackend& backend, const ArrayMap& given, Size size) {
        const ImageU8 person = imageOf(given.at("in/ref_rgb"));
        const FrameStack picture = vaePicture(person, size), clip = clipPicture(person);
        const auto latent = backend.encode(picture, {});
        QVERIFY(bool(latent));
        QVERIFY(difference(latent->values(), given.at("out/ref_latents").toFloats(),
                           "latents of the identity")
                    .largest <= 2e-5);
        const Array& motion = given.at("in/sdc_rgb");
        const ConditionInput input{stackedOf(motion, posePicture, size),
                                   stackedOf(given.at("in/bk_rgb"), vaePicture, size),
                                   {}};
        const FrameStack scene = stackOf(given.at("out/bk_latents_window0"));
        const auto around = backend.encode(firstFrames(input.scene, scene.frames()), {});
        QVERIFY(bool(around));
        QVERIFY(difference(around->values(), scene.values(), "latents of the scene").largest <=
                2e-5);
        compareNetworks(given, clip, input.pose);
        QVERIFY(bool(backend.setReference({picture, clip}, {})));
        QVERIFY(bool(backend.beginClip(frameCount(motion), size)));
        const int half = frameCount(motion) / 2; // in two calls, the last one first
        QVERIFY(bool(backend.setConditions(half, part(input, half, frameCount(motion)), {})));
        QVERIFY(bool(backend.setConditions(0, part(input, 0, half), {})));
    }

    static ConditionInput part(const ConditionInput& all, int first, int end) {
        const auto cut = [&](const FrameStack& stack) {
            FrameStack out(end - first, stack.shape());
            for (int i = first; i < end; ++i)
                std::ranges::copy(stack.frame(i), out.frame(i - first).begin());
            return out;
        };
        return {cut(all.pose), cut(all.scene), {}};
    }

    /// What the backend keeps to itself, from the networks themselves.
    void compareNetworks(const ArrayMap& given, const FrameStack& clip, const FrameStack& pose) {
        const c10::InferenceMode inference;
        const auto shared = [](const FrameStack& s, std::int64_t frames) {
            auto* values = const_cast<float*>(s.values().data());
            return torch::from_blob(
                values, {frames, s.shape().channels, s.shape().height, s.shape().width});
        };
        const auto values = [](const torch::Tensor& x) {
            const auto whole = x.contiguous();
            return std::vector<float>(whole.data_ptr<float>(),
                                      whole.data_ptr<float>() + whole.numel());
        };
        const auto token = m_networks->clip->forward(shared(clip, 1)).embedding;
        QVERIFY(difference(values(token), given.at("out/image_embeds").toFloats(), "CLIP token")
                    .largest <= 2e-5);
        const auto features = m_networks->pose->forward(shared(pose, 1).unsqueeze(2));
        QVERIFY(difference(values(features), given.at("out/pose_fea_frame0").toFloats(),
                           "features of the motion")
                    .largest <= 2e-5);
    }

    static void firstPrediction(MimoBackend& backend, const ArrayMap& wanted, double limit) {
        if (!wanted.contains("out/window0_step0_prediction"))
            return;
        const Array& array = wanted.at("out/window0_step0_prediction");
        const bool guided = array.shape.at(0) == 2;
        const FrameStack noise = stackOf(wanted.at("in/noise"));
        PredictionRequest request;
        for (int i = 0; i < int(array.shape.at(2)); ++i)
            request.frames.push_back(i);
        request.timestep = 999;
        request.latents = firstFrames(noise, int(request.frames.size()));
        request.withoutIdentity = guided;
        const auto out = backend.predict({&request, 1}, {});
        QVERIFY(bool(out));
        const auto& one = out->front();
        QVERIFY(difference(one.withIdentity.values(), rowOf(array, guided ? 1 : 0).values(),
                           "first prediction")
                    .largest <= limit);
        if (guided)
            QVERIFY(difference(one.withoutIdentity.values(), rowOf(array, 0).values(),
                               "first prediction without identity")
                        .largest <= limit);
    }

    static FrameStack sample(MimoBackend& backend, const ArrayMap& given, const ArrayMap& wanted,
                             int steps, const Limits& limits) {
        SamplerSettings settings;
        settings.steps = steps;
        settings.guidance = given.at("in/cfg").toFloats().at(0);
        settings.windows.schedule = WindowSchedule::Release;
        std::vector<FrameStack> states;
        SamplerHooks hooks;
        hooks.save = [&states](const SamplerState& state) {
            if (state.windowsDone == 1)
                states.push_back(state.latents); // as the step before left them
            return ok();
        };
        const auto out = Sampler(backend, settings, hooks).run(stackOf(given.at("in/noise")), {});
        if (!out) {
            QTest::qFail(out.error().message.c_str(), __FILE__, __LINE__);
            return {};
        }
        states.push_back(*out);
        const Array& after = wanted.at("out/latents_after_step");
        for (std::size_t i = 0; i + 1 < states.size(); ++i) {
            const auto what = "latents after step " + std::to_string(i + 1);
            const auto d =
                difference(states[i + 1].values(), stackOf(after, i).values(), what.c_str());
            if (d.largest > limits.latents.at(i))
                QTest::qFail(what.c_str(), __FILE__, __LINE__);
        }
        return *out;
    }

    static void comparePictures(const FrameStack& given, const FrameStack& wanted, double limit) {
        QVERIFY(given.sameShape(wanted));
        QVERIFY(difference(given.values(), wanted.values(), "pictures").largest <= limit);
        int most = 0;
        for (std::size_t i = 0; i < given.values().size(); ++i)
            most = std::max(most,
                            std::abs(int(255 * given.values()[i]) - int(255 * wanted.values()[i])));
        qInfo("pictures of 8 bits: max %d", most);
        QVERIFY(most <= 2);
    }

    std::shared_ptr<nn::MimoNetworks> m_networks;
};

QTEST_GUILESS_MAIN(TestMimoEndToEnd)
#include "test_mimo_end_to_end.moc"
