// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/nn/golden_compare.h"

#include "engine/nn/clip/clip_vision.h"
#include "engine/nn/guard.h"
#include "engine/nn/layers/initialise.h"
#include "engine/nn/pose/pose_guider.h"
#include "engine/nn/unet/unet.h"
#include "engine/nn/vae/vae.h"

#include <numbers>

using namespace strata;
using namespace strata::test;

namespace {

constexpr const char* kAmplitudes[] = {"1", "0.003", "0.001"};

nn::VaeConfig tinyVae() {
    nn::VaeConfig config;
    config.channels = {32, 64, 64, 64};
    return config;
}

nn::ClipVisionConfig tinyClip(std::int64_t image) { return {64, 3, 4, 256, 14, image, 32}; }

/// A transformer's conditions without a reference, for one token per row.
nn::Conditions crossOnly(nn::SpatialTransformer& network, const torch::Tensor& context,
                         std::int64_t batch, nn::Formulation formulation) {
    nn::Conditions conditions;
    conditions.formulation = formulation;
    conditions.batch = batch;
    conditions.context = context.expand({batch, context.size(1), context.size(2)}).contiguous();
    conditions.blocks.push_back(network->block->prepare({}, conditions.context, formulation));
    return conditions;
}

} // namespace

class TestMimoModules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void poseGuider() {
        const auto data = golden("01_pose_guider.npz");
        NEEDS(data);
        const c10::InferenceMode inference;
        nn::PoseGuider network{nn::PoseGuiderConfig{}};
        LOAD_WEIGHTS(network, goldenPart(data, "w/"), "golden");
        for (const std::string i : {"0", "1", "2"}) {
            const auto wanted = tensorOf(data, "out/" + i + "/features");
            const auto given = network(tensorOf(data, "in/" + i + "/pose"));
            QVERIFY(agrees("pose guider " + i, given, wanted, limitOf(wanted)));
        }
    }

    void pictureCoder() {
        const auto data = golden("02_vae.npz");
        NEEDS(data);
        const c10::InferenceMode inference;
        nn::Vae network{tinyVae()};
        LOAD_WEIGHTS(network, goldenPart(data, "w/"), "golden");
        for (const std::string i : {"0", "1", "2", "3"}) {
            const auto moments = network->moments(tensorOf(data, "in/" + i + "/image"));
            const auto wanted = tensorOf(data, "out/" + i + "/moments");
            QVERIFY(agrees("vae moments " + i, moments, wanted, limitOf(wanted)));
            const auto mean = tensorOf(data, "out/" + i + "/mean");
            QVERIFY(agrees("vae mean " + i, network->encode(tensorOf(data, "in/" + i + "/image")),
                           mean, limitOf(mean)));
            QVERIFY(agrees("vae logvar " + i, moments.chunk(2, 1)[1],
                           tensorOf(data, "out/" + i + "/logvar"), limitOf(wanted)));
            const auto picture = tensorOf(data, "out/" + i + "/decoded_mean");
            QVERIFY(agrees("vae decoded " + i, network->decode(mean), picture, limitOf(picture)));
        }
        for (const std::string i : {"dec0", "dec1"}) {
            const auto picture = tensorOf(data, "out/" + i + "/image");
            QVERIFY(agrees("vae " + i, network->decode(tensorOf(data, "in/" + i + "/z")), picture,
                           limitOf(picture)));
        }
    }

    void foldedPictureCoder() {
        nn::VaeConfig config{.fold = 2, .shortcut = true, .channels = {8, 8, 16}, .groups = 4};
        config.latentChannels = 8;
        QCOMPARE(config.reduction(), 8);
        nn::Vae network{config};
        nn::initialise(*network, 1);
        network->beginLinear();
        const c10::InferenceMode inference;
        torch::manual_seed(3);
        const auto picture = torch::rand({1, 3, 32, 48}) * 2 - 1;
        const auto latent = network->encode(picture);
        QCOMPARE(latent.sizes().vec(), (std::vector<std::int64_t>{1, 8, 4, 6}));
        // What a new coder gives back is the part of the picture that it can carry: giving that
        // back changes nothing, and even colours and slow waves of brightness are such parts.
        const auto carried = network->decode(latent);
        QVERIFY(torch::allclose(network->decode(network->encode(carried)), carried, 0, 1e-5));
        QVERIFY(torch::allclose(at::adaptive_avg_pool2d(carried, {4, 6}),
                                at::adaptive_avg_pool2d(picture, {4, 6}), 0, 1e-5));
        QVERIFY((carried - picture).square().mean().item<double>() <
                0.97 * picture.square().mean().item<double>()); // 8 of 192 values a place
        const auto wave = torch::cos((torch::arange(8) + 0.5) * (std::numbers::pi / 8)).repeat({6});
        const auto slow = wave.view({1, 1, 1, 48}).expand({1, 3, 32, 48}).contiguous();
        QVERIFY(torch::allclose(network->decode(network->encode(slow)), slow, 0, 1e-5));
        // Tiles see the same linear part.
        QVERIFY(torch::allclose(network->decode(latent, 16), carried, 0, 1e-5));
    }

    void clipVisionTower() {
        const auto data = golden("03_clip_vision.npz");
        NEEDS(data);
        const c10::InferenceMode inference;
        nn::ClipVision network{tinyClip(56)};
        LOAD_WEIGHTS(network, goldenPart(data, "w/"), "golden");
        const auto result = network->forward(tensorOf(data, "in/pixel_values"), true);
        const auto compare = [&](const std::string& name, const torch::Tensor& given) {
            const auto wanted = tensorOf(data, "out/" + name);
            return agrees("clip " + name, given, wanted, limitOf(wanted));
        };
        QVERIFY(compare("image_embeds", result.embedding));
        QVERIFY(compare("last_hidden_state", result.lastHidden));
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(compare("hidden_states." + std::to_string(i), result.hidden.at(i)));
    }

    void motionModule() {
        const auto data = golden("07_motion_module.npz");
        NEEDS(data);
        nn::MotionModule network{nn::MotionShape{64, 8, 32, 32}, torch::TensorOptions()};
        LOAD_WEIGHTS(network, goldenPart(data, "w/"), "golden");
        for (const bool gradients : {false, true})
            for (const std::string i : {"0", "1", "2", "3"}) {
                const at::AutoGradMode mode(gradients);
                const auto x = tensorOf(data, "in/" + i + "/x");
                const auto wanted = tensorOf(data, "out/" + i + "/y");
                const auto given =
                    nn::clipOf(network->forward(nn::framesOf(x), x.size(2)), x.size(0));
                QVERIFY(agrees("motion module " + i + (gradients ? " with gradients" : ""), given,
                               wanted, limitOf(wanted)));
            }
    }

    // Norms with a wrong epsilon show only where values are small.
    void smallAmplitudes() {
        const auto data = golden("07_small_amplitude_blocks.npz");
        NEEDS(data);
        const c10::InferenceMode inference;
        const torch::TensorOptions plain;
        nn::MotionModule motion{nn::MotionShape{64, 8, 32, 32}, plain};
        nn::ResnetBlock resnet{nn::ResnetShape{32, 64, 128, 32, 1e-5}, plain};
        nn::VaeMidBlock mid{64, 32, plain};
        LOAD_WEIGHTS(motion, goldenPart(data, "w/motion_c64/"), "golden");
        LOAD_WEIGHTS(resnet, goldenPart(data, "w/resnet3d_32_64/"), "golden");
        LOAD_WEIGHTS(mid, goldenPart(data, "w/vae_mid_c64/"), "golden");
        const auto time = at::silu(tensorOf(data, "in/temb"));
        const auto compare = [&](const std::string& name, const auto& run) {
            bool same = true;
            for (const std::string amplitude : kAmplitudes) {
                const auto wanted = tensorOf(data, "out/" + name + "/y_" + amplitude);
                const auto x = tensorOf(data, "in/" + name + "/x_" + amplitude);
                same &= agrees(name + " at " + amplitude, run(x), wanted, limitOf(wanted));
            }
            return same;
        };
        QVERIFY(compare("motion_c64", [&](const torch::Tensor& x) {
            return nn::clipOf(motion->forward(nn::framesOf(x), x.size(2)), x.size(0));
        }));
        QVERIFY(compare("resnet3d_32_64", [&](const torch::Tensor& x) {
            return nn::clipOf(resnet->forward(nn::framesOf(x), time), x.size(0));
        }));
        QVERIFY(compare("vae_mid_c64", [&](const torch::Tensor& x) {
            return mid(x.contiguous(torch::MemoryFormat::ChannelsLast));
        }));
    }

    void smallAmplitudesInTransformers() {
        const auto data = golden("07_small_amplitude_blocks.npz");
        NEEDS(data);
        const c10::InferenceMode inference;
        for (const auto& [name, heads] : {std::pair<std::string, int>("transformer3d_c64_h8", 8),
                                          std::pair<std::string, int>("transformer2d_c64_h4", 4)}) {
            nn::SpatialTransformer network{64, heads, 32, 32, torch::TensorOptions()};
            LOAD_WEIGHTS(network, goldenPart(data, "w/" + name + "/"), "golden");
            for (const auto formulation : {nn::Formulation::Saved, nn::Formulation::Plain})
                for (const std::string amplitude : kAmplitudes) {
                    const auto wanted = tensorOf(data, "out/" + name + "/y_" + amplitude);
                    const auto x = tensorOf(data, "in/" + name + "/x_" + amplitude);
                    const bool clip = x.dim() == 5;
                    const auto conditions =
                        crossOnly(network, tensorOf(data, "in/ctx"), x.size(0), formulation);
                    nn::UnetPass pass;
                    pass.frames = clip ? x.size(2) : 1;
                    pass.conditions = &conditions;
                    const auto frames =
                        clip ? nn::framesOf(x) : x.contiguous(torch::MemoryFormat::ChannelsLast);
                    auto given = network->forward(frames, pass);
                    given = clip ? nn::clipOf(given, x.size(0)) : given;
                    QVERIFY(agrees(name + " at " + amplitude, given, wanted, limitOf(wanted)));
                }
        }
    }

    void recipesGiveTheVeryWeightsOfTheFullSet() {
        for (const std::string name :
             {"reference_unet", "denoising_unet", "pose_guider", "vae", "clip_vision_224"}) {
            const auto wanted = golden("weights_" + name + ".npz");
            NEEDS(wanted);
            const auto made = goldenWeights(name);
            QVERIFY(bool(made));
            QCOMPARE(made->size(), wanted.size());
            for (const auto& [key, array] : wanted) {
                const auto plain = key.substr(key.starts_with("w/") ? 2 : 0);
                const auto difference =
                    (tensorOf(*made, plain) - tensorOf(wanted, key)).abs().max().item<float>();
                QVERIFY(difference <= (plain.ends_with(".pe") ? 1e-5f : 0.0f));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestMimoModules)
#include "test_mimo_modules.moc"
