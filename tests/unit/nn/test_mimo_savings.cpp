// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/nn/golden_compare.h"

#include "engine/nn/layers/initialise.h"
#include "engine/nn/layers/token_attention.h"
#include "engine/nn/memory_scope.h"
#include "engine/nn/pose/pose_guider.h"
#include "engine/nn/unet/unet.h"

#include <cmath>
#include <fstream>

using namespace strata;
using namespace strata::test;
using nn::Formulation;

namespace {

/// Values of a sensible size for every layer.
void randomise(torch::nn::Module& network) {
    const torch::NoGradGuard noGrad;
    torch::manual_seed(7);
    for (auto& item : network.named_parameters()) {
        auto& x = item.value();
        if (x.dim() > 1)
            x.normal_(0, 1 / std::sqrt(double(x.numel() / x.size(0))));
        else
            x.normal_(item.key().ends_with("weight") ? 1.0 : 0.0, 0.1);
    }
}

/// Two levels and other counts of everything than the published network has.
nn::UnetConfig other() {
    nn::UnetConfig config;
    config.inChannels = 12;
    config.channels = {24, 48};
    config.layersPerBlock = 1;
    config.heads = 3;
    config.groups = 6;
    config.contextWidth = 20;
    config.motion = true;
    config.motionHeads = 2;
    config.motionFrames = 40;
    return config;
}

struct Inputs {
    torch::Tensor sample = torch::randn({1, 12, 5, 7, 6});
    torch::Tensor pose = torch::randn({1, 24, 5, 7, 6});
    torch::Tensor latent = torch::randn({1, 4, 7, 6});
    torch::Tensor context = torch::cat({torch::zeros({1, 1, 20}), torch::randn({1, 1, 20})});
    torch::Tensor time = torch::tensor({501});
};

torch::Tensor softAttention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                            int64_t heads) {
    const auto split = [heads](const torch::Tensor& x) {
        return x.to(torch::kFloat64)
            .view({x.size(0), x.size(1), heads, x.size(2) / heads})
            .transpose(1, 2);
    };
    const double scale = 1 / std::sqrt(double(q.size(2) / heads));
    const auto weights = at::softmax(at::matmul(split(q), split(k).transpose(2, 3)) * scale, -1);
    return at::matmul(weights, split(v)).transpose(1, 2).reshape(q.sizes()).to(torch::kFloat32);
}

} // namespace

class TestMimoSavings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        randomise(*m_denoiser);
        randomise(*m_reference);
    }

    void attentionSeesSharedTokensInEveryRowOfTheirGroup() {
        torch::manual_seed(1);
        const auto q = torch::randn({4, 70, 12}), k = torch::randn({4, 33, 12}),
                   v = torch::randn({4, 33, 12}), sharedK = torch::randn({2, 9, 12}),
                   sharedV = torch::randn({2, 9, 12});
        const auto wanted = softAttention(q, torch::cat({k, sharedK.repeat_interleave(2, 0)}, 1),
                                          torch::cat({v, sharedV.repeat_interleave(2, 0)}, 1), 3);
        for (const bool gradients : {false, true}) {
            const at::AutoGradMode mode(gradients);
            QVERIFY(agrees("attention", nn::attend(q, k, v, 3, {sharedK, sharedV}), wanted, 2e-6));
            QVERIFY(
                agrees("attention alone", nn::attend(q, k, v, 3), softAttention(q, k, v, 3), 2e-6));
        }
    }

    // Every number of frames takes another path through blocks of rows and lanes.
    void attentionOverFramesOfAnyNumberAndWidth() {
        torch::manual_seed(2);
        for (const int64_t frames : {1, 3, 8, 9, 16, 23, 24, 30, 32, 40})
            for (const int64_t width : {3, 8, 20, 40}) {
                const auto make = [&] { return 3 * torch::randn({2, frames, 5, 2 * width}); };
                const auto q = make(), k = make(), v = make();
                const auto pixels = [&](const torch::Tensor& x) {
                    return x.transpose(1, 2).reshape({10, frames, 2 * width});
                };
                const auto wanted = softAttention(pixels(q), pixels(k), pixels(v), 2)
                                        .view({2, 5, frames, 2 * width})
                                        .transpose(1, 2);
                const torch::NoGradGuard noGrad;
                const auto given = nn::attendOverFrames(q, k, v, 2);
                // Scores of about 50 carry the rounding of single precision into the weights.
                QVERIFY((given - wanted).abs().max().item<float>() < 5e-5f);
            }
    }

    void guidanceGivesTheSameInBothFormulations() {
        const c10::InferenceMode inference;
        const Inputs in;
        const auto bank = m_reference->forward(in.latent, in.context.narrow(0, 1, 1));
        const auto saved = run(in, &bank, in.context, 2, 1, Formulation::Saved);
        const auto plain = run(in, &bank, in.context, 2, 1, Formulation::Plain);
        QVERIFY(agrees("guidance, saved and plain", saved, plain, 2e-5));
        QVERIFY((saved[0] - saved[1]).abs().max().item<float>() > 1e-2f);
    }

    void theUnconditionalHalfKnowsNothingOfTheReference() {
        const c10::InferenceMode inference;
        const Inputs in;
        const auto bank = m_reference->forward(in.latent, in.context.narrow(0, 1, 1));
        const auto other = m_reference->forward(-in.latent, in.context.narrow(0, 1, 1));
        const auto a = run(in, &bank, in.context, 2, 1, Formulation::Saved);
        const auto b = run(in, &other, in.context, 2, 1, Formulation::Saved);
        QVERIFY(torch::equal(a[0], b[0]));
        QVERIFY((a[1] - b[1]).abs().max().item<float>() > 1e-2f);
        const auto none = run(in, nullptr, in.context.narrow(0, 0, 1), 1, 0, Formulation::Saved);
        QVERIFY(agrees("unconditional alone", none[0], a[0], 2e-5));
    }

    void contextsOfSeveralTokensAreAttendedInFull() {
        const c10::InferenceMode inference;
        const Inputs in;
        const auto context = torch::randn({1, 3, 20});
        const auto bank = m_reference->forward(in.latent, context);
        const auto saved = run(in, &bank, context, 1, 0, Formulation::Saved);
        const auto plain = run(in, &bank, context, 1, 0, Formulation::Plain);
        QVERIFY(agrees("three tokens, saved and plain", saved, plain, 2e-5));
        const auto first = run(in, &bank, context.narrow(1, 0, 1), 1, 0, Formulation::Saved);
        QVERIFY((first - saved).abs().max().item<float>() > 1e-3f);
    }

    // As in training: each clip of a batch has its own reference, token and time.
    void clipsOfABatchDoNotMix() {
        const torch::NoGradGuard noGrad;
        const Inputs a, b;
        const auto both = [](const torch::Tensor& x, const torch::Tensor& y) {
            return torch::cat({x, y});
        };
        const auto context = both(a.context.narrow(0, 1, 1), b.context.narrow(0, 1, 1));
        const auto bank = m_reference->forward(both(a.latent, b.latent), context);
        const auto times = torch::tensor({501, 20});
        for (const auto formulation : {Formulation::Saved, Formulation::Plain}) {
            const auto conditions = m_denoiser->prepare(&bank, context, 2, 0, formulation);
            const auto given = m_denoiser->forward(both(a.sample, b.sample), times,
                                                   both(a.pose, b.pose), conditions);
            const auto alone = m_reference->forward(b.latent, context.narrow(0, 1, 1));
            const auto second =
                m_denoiser->prepare(&alone, context.narrow(0, 1, 1), 1, 0, formulation);
            const auto wanted =
                m_denoiser->forward(b.sample, times.narrow(0, 1, 1), b.pose, second);
            QVERIFY(agrees("second clip of a batch", given.narrow(0, 1, 1), wanted, 2e-5));
        }
    }

    void gradientsReachEveryParameterThatCounts() {
        const Inputs in;
        const auto context = in.context.narrow(0, 1, 1);
        const auto bank = m_reference->forward(in.latent, context);
        const auto conditions = m_denoiser->prepare(&bank, context, 1, 0);
        auto pose = in.pose.clone().requires_grad_();
        const auto given = m_denoiser->forward(in.sample, in.time, pose, conditions);
        {
            const torch::NoGradGuard noGrad;
            QVERIFY(agrees("with and without gradients",
                           run(in, &bank, context, 1, 0, Formulation::Saved), given.detach(),
                           2e-5));
        }
        given.square().mean().backward();
        QVERIFY(pose.grad().abs().sum().item<float>() > 0);
        for (const auto& item : m_denoiser->named_parameters()) {
            const auto& name = item.key();
            const bool constant = name.find("norm2.") != std::string::npos &&
                                  name.find("transformer_blocks") != std::string::npos;
            const bool unused = constant || name.find("attn2.to_q") != std::string::npos ||
                                name.find("attn2.to_k") != std::string::npos;
            const bool reached =
                item.value().grad().defined() && item.value().grad().abs().sum().item<float>() > 0;
            QVERIFY2(reached != unused, name.c_str());
        }
        const auto first = m_reference->named_parameters()["conv_in.weight"];
        QVERIFY(first.grad().defined() && first.grad().abs().sum().item<float>() > 0);
    }

    // A new motion module adds nothing, and frames without one know nothing of each other: every
    // norm is that of a frame.
    void newMotionModulesChangeNothing() {
        auto config = other();
        nn::DenoisingUnet moving{config};
        config.motion = false;
        nn::DenoisingUnet still{config};
        nn::initialise(*moving, 5, {"temporal_transformer.proj_out"});
        const torch::NoGradGuard noGrad;
        const auto values = moving->named_parameters();
        for (auto& item : still->named_parameters())
            item.value().copy_(values[item.key()]);
        const Inputs in;
        const auto context = in.context.narrow(0, 1, 1);
        const auto a =
            moving->forward(in.sample, in.time, in.pose, moving->prepare(nullptr, context, 1));
        const auto conditions = still->prepare(nullptr, context, 1);
        const auto b = still->forward(in.sample, in.time, in.pose, conditions);
        QVERIFY(agrees("motion modules without effect", a, b, 1e-5));
        const auto third =
            still->forward(in.sample.narrow(2, 2, 1), in.time, in.pose.narrow(2, 2, 1), conditions);
        QVERIFY(agrees("third frame alone", third, b.narrow(2, 2, 1), 1e-5));
    }

    void aBeginningIsDecidedByItsSeed() {
        nn::PoseGuider a{nn::PoseGuiderConfig{3, {8, 16}, 24}},
            b{nn::PoseGuiderConfig{3, {8, 16}, 24}};
        nn::initialise(*a, 3, {"conv_out"});
        nn::initialise(*b, 3, {"conv_out"});
        const auto values = b->named_parameters();
        for (const auto& item : a->named_parameters())
            QVERIFY(torch::equal(item.value(), values[item.key()]));
        const auto spread = values["blocks.0.weight"].detach().std().item<float>();
        QVERIFY(spread > 0.05f && spread < 0.09f); // 1 / sqrt(3 * 72)
        const c10::InferenceMode inference;
        QCOMPARE(a(torch::rand({1, 3, 2, 8, 8})).abs().max().item<float>(), 0.0f);
        nn::initialise(*b, 4, {"conv_out"});
        QVERIFY(!torch::equal(values["blocks.0.weight"], a->named_parameters()["blocks.0.weight"]));
    }

    void memoryThatWasKeptForANetworkIsGivenBack() {
#ifdef __SANITIZE_ADDRESS__
        QSKIP("the address sanitizer keeps freed memory to itself");
#endif
        const auto resident = [] {
            std::ifstream file("/proc/self/statm");
            std::int64_t total = 0, pages = 0;
            file >> total >> pages;
            return pages * 4096;
        };
        const auto before = resident();
        {
            const nn::MemoryScope outer;
            { const nn::MemoryScope inner; }
            torch::ones({64 << 20}, torch::kUInt8);
        }
        QVERIFY(resident() < before + (32 << 20));
    }

    void withoutCrossAttentionThereIsNoContext() {
        auto config = other();
        config.contextWidth = 0;
        nn::DenoisingUnet network{config};
        randomise(*network);
        for (const auto& item : network->named_parameters())
            QVERIFY(item.key().find("attn2") == std::string::npos);
        const c10::InferenceMode inference;
        const Inputs in;
        const auto conditions = network->prepare(nullptr, {}, 1);
        const auto given = network->forward(in.sample, in.time, in.pose, conditions);
        QVERIFY(given.isfinite().all().item<bool>());
        QCOMPARE(given.sizes().vec(), (std::vector<int64_t>{1, 4, 5, 7, 6}));
    }

    void windowsThatAreTooLongAreRefused() {
        const c10::InferenceMode inference;
        const Inputs in;
        const auto conditions = m_denoiser->prepare(nullptr, in.context.narrow(0, 0, 1), 1);
        QVERIFY_THROWS_EXCEPTION(c10::Error, m_denoiser->forward(torch::randn({1, 12, 41, 4, 4}),
                                                                 in.time, {}, conditions));
    }

    void guiderForCodesOfManyChannels() {
        nn::PoseGuider network{nn::PoseGuiderConfig{16, {8, 16}, 24}};
        randomise(*network);
        const c10::InferenceMode inference;
        const auto code = torch::rand({2, 16, 3, 9, 12});
        const auto given = network(code);
        QCOMPARE(given.sizes().vec(), (std::vector<int64_t>{2, 24, 3, 5, 6}));
        QVERIFY(agrees("second frame alone", network(code.narrow(2, 1, 1)), given.narrow(2, 1, 1),
                       1e-5));
    }

private:
    torch::Tensor run(const Inputs& in, const nn::ReferenceBank* bank, const torch::Tensor& context,
                      int64_t batch, int64_t unconditional, Formulation formulation) {
        const auto conditions =
            m_denoiser->prepare(bank, context, batch, unconditional, formulation);
        return m_denoiser->forward(in.sample, in.time, in.pose, conditions);
    }

    static nn::UnetConfig reference() {
        auto config = other();
        config.inChannels = 4;
        return config;
    }

    nn::ReferenceUnet m_reference{reference()};
    nn::DenoisingUnet m_denoiser{other()};
};

QTEST_GUILESS_MAIN(TestMimoSavings)
#include "test_mimo_savings.moc"
