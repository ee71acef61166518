// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/ablation.h"
#include "engine/train/trainer/motion_conditions.h"
#include "engine/train/trainer/training_step.h"
#include "tests/unit/train/made_up_clips.h"

#include <QTest>

#include <cmath>

using namespace strata;

namespace {

constexpr int kSide = 32;

/// A square of a metre, two metres away: the middle 16 pixels.
torch::Tensor squareVertices() {
    return torch::tensor(test::squareBody().rest).view({1, 4, 3}) + torch::tensor({0.f, 0.f, 2.f});
}

torch::Tensor camera() { return torch::tensor({{32.f, 32.f, 16.f, 16.f}}); }

bool near(const torch::Tensor& pixel, std::vector<float> wanted) {
    return torch::allclose(pixel, torch::tensor(wanted), 0, 1e-5);
}

} // namespace

class TestMotionConditions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void bonesAreLinesBetweenJoints() {
        const auto picture =
            skeletonPictures(squareVertices(), camera(), test::squareBody(), kSide, kSide)[0];
        QCOMPARE(picture.sizes().vec(), (std::vector<int64_t>{3, kSide, kSide}));
        const auto seen = picture.amax(0) > 0;
        QVERIFY(seen[16][15].item<bool>() && seen[16][16].item<bool>());
        QVERIFY(seen[9][16].item<bool>() && seen[22][16].item<bool>());
        QVERIFY(!seen[5][16].item<bool>() && !seen[26][16].item<bool>());
        QVERIFY(!seen.narrow(1, 0, 13).any().item<bool>());
        QVERIFY(!seen.narrow(1, 19, 13).any().item<bool>());

        auto behind = squareVertices();
        behind.select(2, 2).fill_(-1);
        QVERIFY(!skeletonPictures(behind, camera(), test::squareBody(), kSide, kSide)
                     .any()
                     .item<bool>());
        TrainingBody boneless = test::squareBody();
        boneless.parents.clear();
        QVERIFY_EXCEPTION_THROWN(
            skeletonPictures(squareVertices(), camera(), boneless, kSide, kSide), c10::Error);
    }

    void mapsTellOfNormalsDepthAndParts() {
        TrainingBody body = test::squareBody();
        body.faces = {0, 2, 1, 0, 3, 2}; // towards the camera, from where y points down
        body.parts = {3, 3, 3, 3};
        const auto picture = mapPictures(squareVertices(), camera(), body, kSide, kSide)[0];
        QCOMPARE(picture.sizes().vec(), (std::vector<int64_t>{7, kSide, kSide}));
        QVERIFY(!picture.select(1, 4).any().item<bool>());
        QVERIFY(near(picture.select(1, 16).select(1, 16).narrow(0, 0, 4), {.5f, .5f, 0.f, .5f}));
        const auto color = picture.select(1, 16).select(1, 16).narrow(0, 4, 3);

        // The lower half nearer by a metre, and of another part.
        auto tilted = squareVertices();
        tilted.select(1, 2).select(1, 2) -= 1;
        tilted.select(1, 3).select(1, 2) -= 1;
        body.parts = {3, 3, 5, 5};
        const auto other = mapPictures(tilted, camera(), body, kSide, kSide)[0];
        const auto upper = other.select(1, 9).select(1, 16),
                   lower = other.select(1, 24).select(1, 16);
        QVERIFY(lower[3].item<float>() > upper[3].item<float>() + 0.15);
        // (0, -1, 1) turned round, as it looks to the camera, of length 1
        QVERIFY(near(upper.narrow(0, 0, 3),
                     {.5f, .5f - .5f * std::sqrt(.5f), .5f - .5f * std::sqrt(.5f)}));
        QVERIFY((upper.narrow(0, 4, 3) - color).abs().max().item<float>() <
                (lower.narrow(0, 4, 3) - color).abs().max().item<float>());
    }

    void theAblationDiffersInOneThingEach() {
        const auto full = ablationConfig("ablation-full");
        QVERIFY(full && !full->networks.sketch && full->networks.denoiser.inChannels == 24);
        for (const auto name : kAblationNames) {
            const auto config = TrainingConfig::named(std::string(name));
            QVERIFY2(config, config ? "" : config.error().message.c_str());
            QVERIFY2(check(*config), std::string(name).c_str());
            QVERIFY((name == "ablation-full") == (config->settings() == full->settings()));
            // What was written down is the same again.
            const auto again = TrainingConfig::from(config->settings());
            QVERIFY(again && again->settings() == config->settings());
        }
        QVERIFY(!ablationConfig("ablation-nothing"));
        QVERIFY(!TrainingConfig::named("ablation-nothing"));
        TrainingConfig wrong = *full;
        wrong.motion = MotionCondition::Skeleton;
        QVERIFY(!check(wrong));
    }

    void everyConditionReachesTheNetworks() {
        test::MadeUpClips source(16);
        const auto clip = source.clip(1, 0, 2);
        QVERIFY(clip);
        TrainingConfig config = test::tinyTraining();
        const auto inputs = [&]() -> Result<TrainingClips> {
            STRATA_ASSIGN(TrainingNetworks networks,
                          TrainingNetworks::create(config, test::squareBody(), torch::kCPU));
            STRATA_ASSIGN(const TrainingStep step,
                          TrainingStep::create(config, test::squareBody()));
            const std::uint64_t number = 0;
            STRATA_TRY(step.losses(networks, {&*clip, 1}, {&number, 1}));
            const torch::NoGradGuard noGrad;
            return step.inputs(networks, {&*clip, 1});
        };
        const auto canonical = inputs();
        QVERIFY2(canonical, canonical ? "" : canonical.error().message.c_str());
        for (const auto identity : {IdentityCondition::Posed, IdentityCondition::Opening}) {
            config.identity = identity;
            const auto other = inputs();
            QVERIFY2(other, other ? "" : other.error().message.c_str());
            QVERIFY(!torch::equal(other->reference, canonical->reference));
            QVERIFY(torch::equal(other->motion, canonical->motion));
        }
        config.identity = IdentityCondition::Canonical;
        for (const auto motion : {MotionCondition::Skeleton, MotionCondition::Maps}) {
            config.motion = motion;
            config.networks.pose.inChannels =
                motion == MotionCondition::Maps ? kMapChannels : kSkeletonChannels;
            const auto other = inputs();
            QVERIFY2(other, other ? "" : other.error().message.c_str());
            QVERIFY(torch::equal(other->reference, canonical->reference));
            QCOMPARE(other->motion.size(1), config.networks.pose.inChannels);
        }
    }
};

QTEST_GUILESS_MAIN(TestMotionConditions)
#include "test_motion_conditions.moc"
