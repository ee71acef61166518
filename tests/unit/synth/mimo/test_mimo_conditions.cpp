// SPDX-License-Identifier: Apache-2.0
// What our own networks are told besides what the published ones are: sketches of the person,
// tokens that something else made, learnt motion codes.
#include "tests/unit/synth/mimo/made_up_inputs.h"

#include "engine/nn/mimo/mimo_networks.h"

#include <QTest>

using namespace strata;

namespace {

constexpr int kFrames = 3;
constexpr Size kSize{64, 48};

nn::MimoConfig config() {
    nn::MimoConfig config = nn::MimoConfig::small(5);
    for (nn::UnetConfig* unet : {&config.reference, &config.denoiser}) {
        unet->channels = {32, 64};
        unet->contextWidth = 24;
    }
    config.tokens = 4;
    config.pose = {5, {4, 8, 8, 8}, 32};
    config.vae.channels = {32, 32, 32};
    return config;
}

ReferenceInput reference() {
    return {test::smoothPictures(1, kSize), {}, test::evenStack(1, {1, 4, 24}, 2.f)};
}

ConditionInput conditions() {
    auto input = test::madeUpConditions(config(), kFrames, kSize);
    input.occluder = FrameStack(kFrames, {3, kSize.height, kSize.width}, -1.f);
    input.sketch = test::smoothPictures(kFrames, kSize);
    return input;
}

} // namespace

class TestMimoConditions : public QObject {
    Q_OBJECT

    std::shared_ptr<nn::MimoNetworks> m_networks;

    Result<FrameStack> predicted(const ReferenceInput& reference, const ConditionInput& input) {
        MimoBackend backend(m_networks);
        STRATA_TRY(backend.setReference(reference, {}));
        STRATA_TRY(backend.beginClip(kFrames, kSize));
        STRATA_TRY(backend.setConditions(0, input, {}));
        const auto request = test::wholeWindow(kFrames, backend.latentShape(kSize));
        STRATA_ASSIGN(auto out, backend.predict({&request, 1}, {}));
        return std::move(out.front().withIdentity);
    }

private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        auto made = randomMimo(config(), 4);
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        m_networks = std::move(made->networks);
        QVERIFY(m_networks->clip.is_empty());
    }

    void allOfThemCount() {
        const auto first = predicted(reference(), conditions());
        QVERIFY2(first, first ? "" : first.error().message.c_str());
        QCOMPARE(first->shape(), (FrameShape{8, kSize.height / 8, kSize.width / 8}));
        QCOMPARE(test::largestDifference(*first, *predicted(reference(), conditions())), 0.0);
        auto otherTokens = reference();
        otherTokens.tokens.values()[7] += 1;
        QVERIFY(test::largestDifference(*first, *predicted(otherTokens, conditions())) > 1e-5);
        auto otherSketch = conditions();
        otherSketch.sketch = FrameStack(kFrames, {3, kSize.height, kSize.width}, -1.f);
        QVERIFY(test::largestDifference(*first, *predicted(reference(), otherSketch)) > 1e-5);
        auto otherCode = conditions();
        std::ranges::fill(otherCode.pose.values(), 0.f);
        QVERIFY(test::largestDifference(*first, *predicted(reference(), otherCode)) > 1e-5);
    }

    void whatIsMissingIsSaid() {
        auto without = reference();
        without.tokens = {};
        const auto tokens = predicted(without, conditions());
        QVERIFY(!tokens && tokens.error().message.find("Tokens") != std::string::npos);
        auto bare = conditions();
        bare.sketch = {};
        const auto sketch = predicted(reference(), bare);
        QVERIFY(!sketch && sketch.error().message.find("Sketches") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestMimoConditions)
#include "test_mimo_conditions.moc"
