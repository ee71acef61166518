// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/depth/depth_anything.h"
#include "engine/nn/layers/products.h"

#include <QTest>

using namespace strata;

namespace {

nn::DepthAnythingConfig tiny() {
    nn::DepthAnythingConfig config;
    config.encoder = {128, 12, 256, 14, 4, {2, 5, 8, 11}};
    config.head = {128, 16, {8, 16, 24, 32}};
    return config;
}

std::map<std::string, std::vector<std::int64_t>> shapesOf(const torch::nn::Module& module) {
    std::map<std::string, std::vector<std::int64_t>> shapes;
    for (const auto& parameter : module.named_parameters())
        shapes[parameter.key()] = parameter.value().sizes().vec();
    return shapes;
}

} // namespace

class TestDepthAnything : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theNamesAreThoseOfTheOfficialCheckpoints() {
        const auto shapes = shapesOf(*nn::DepthAnything(nn::DepthAnythingConfig()));
        const std::pair<const char*, std::vector<std::int64_t>> some[] = {
            {"pretrained.cls_token", {1, 1, 384}},
            {"pretrained.pos_embed", {1, 1370, 384}},
            {"pretrained.patch_embed.proj.weight", {384, 3, 14, 14}},
            {"pretrained.blocks.0.attn.qkv.weight", {1152, 384}},
            {"pretrained.blocks.11.ls2.gamma", {384}},
            {"pretrained.blocks.3.mlp.fc1.bias", {1536}},
            {"pretrained.norm.weight", {384}},
            {"depth_head.projects.3.weight", {384, 384, 1, 1}},
            {"depth_head.resize_layers.0.weight", {48, 48, 4, 4}},
            {"depth_head.resize_layers.3.bias", {384}},
            {"depth_head.scratch.layer1_rn.weight", {64, 48, 3, 3}},
            {"depth_head.scratch.refinenet1.resConfUnit1.conv2.weight", {64, 64, 3, 3}},
            {"depth_head.scratch.refinenet4.out_conv.bias", {64}},
            {"depth_head.scratch.output_conv1.weight", {32, 64, 3, 3}},
            {"depth_head.scratch.output_conv2.2.weight", {1, 32, 1, 1}}};
        for (const auto& [name, shape] : some) {
            QVERIFY2(shapes.count(name), name);
            QVERIFY2(shapes.at(name) == shape, name);
        }
        QVERIFY(!shapes.count("depth_head.scratch.layer1_rn.bias"));
    }

    void theConfigIsReadOffTheShapes() {
        const auto config =
            nn::DepthAnythingConfig::fromShapes(shapesOf(*nn::DepthAnything(tiny())));
        QVERIFY(config);
        QCOMPARE(config->encoder.width, tiny().encoder.width);
        QCOMPARE(config->encoder.grid, tiny().encoder.grid);
        QCOMPARE(config->head.features, tiny().head.features);
        QVERIFY(config->head.channels == tiny().head.channels);
    }

    void strangeShapesAreRefused() {
        auto shapes = shapesOf(*nn::DepthAnything(tiny()));
        shapes["pretrained.pos_embed"] = {1, 20, 128};
        QVERIFY(!nn::DepthAnythingConfig::fromShapes(shapes));
        QVERIFY(!nn::DepthAnythingConfig::fromShapes({}));
    }

    void theResultHasThePicturesSizeAndIsNeverNegative() {
        const c10::InferenceMode inference;
        torch::manual_seed(1);
        nn::DepthAnything network(tiny());
        for (const auto& [rows, columns] : {std::pair{4, 4}, std::pair{3, 7}, std::pair{1, 1}}) {
            const auto depth = network(torch::randn({2, 3, 14 * rows, 14 * columns}));
            QVERIFY(depth.sizes() == torch::IntArrayRef({2, 1, 14 * rows, 14 * columns}));
            QVERIFY(depth.min().item<float>() >= 0 && depth.isfinite().all().item<bool>());
        }
        QVERIFY_EXCEPTION_THROWN(network(torch::zeros({1, 3, 15, 14})), c10::Error);
    }

    // The fast path of inference against LibTorch's own operators, and against the path that keeps
    // gradients.
    void productsEqualLibTorchs() {
        torch::manual_seed(2);
        const auto x = torch::randn({3, 200, 96}), w = torch::randn({64, 96}),
                   b = torch::randn({64});
        const auto want = at::linear(x, w, b);
        const c10::InferenceMode inference;
        const auto got = nn::product(x, w, b);
        QVERIFY(got.sizes() == want.sizes());
        QVERIFY((got - want).abs().max().item<float>() < 1e-4f);
    }

    void attentionEqualsItsDefinition() {
        torch::manual_seed(3);
        const auto q = torch::randn({2, 3, 150, 64}), k = torch::randn({2, 3, 150, 64}),
                   v = torch::randn({2, 3, 150, 64});
        const auto weights = at::softmax(at::matmul(q / 8, k.transpose(-2, -1)), -1);
        const auto want = at::matmul(weights, v).transpose(1, 2).reshape({2, 150, 192});
        const auto trained = nn::attention(q, k, v);
        QVERIFY((trained - want).abs().max().item<float>() < 1e-5f);
        const c10::InferenceMode inference;
        QVERIFY((nn::attention(q, k, v) - want).abs().max().item<float>() < 1e-5f);
    }

    void theKeysThatOfficialFilesCarryInVainAreKnown() {
        QVERIFY(nn::depthAnythingIgnores("pretrained.mask_token"));
        QVERIFY(
            nn::depthAnythingIgnores("depth_head.scratch.refinenet4.resConfUnit1.conv1.weight"));
        QVERIFY(
            !nn::depthAnythingIgnores("depth_head.scratch.refinenet3.resConfUnit1.conv1.weight"));
    }
};

QTEST_GUILESS_MAIN(TestDepthAnything)
#include "test_depth_anything.moc"
