// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/weights/checkpoint_names.h"
#include "engine/weights/load_weights.h"
#include "engine/weights/tensor_map.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace strata;

namespace {

struct NetworkImpl : torch::nn::Module {
    NetworkImpl() {
        fc = register_module("fc", torch::nn::Linear(3, 2));
        norm = register_module("norm", torch::nn::BatchNorm1d(2));
    }
    torch::nn::Linear fc{nullptr};
    torch::nn::BatchNorm1d norm{nullptr};
};
TORCH_MODULE(Network);

Array counting(std::vector<std::int64_t> shape, float first) {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape)
        count *= extent;
    std::vector<float> values(static_cast<std::size_t>(count));
    std::iota(values.begin(), values.end(), first);
    return Array::of(std::move(shape), values);
}

ArrayMap checkpoint(const KeyMap& keys = {}) {
    ArrayMap arrays;
    arrays[keys("fc.weight")] = counting({2, 3}, 1);
    // 0.5 and -2 in half precision: checkpoints mix types.
    arrays[keys("fc.bias")] = Array::ofBytes(
        DType::F16, {2}, {std::byte(0), std::byte(0x38), std::byte(0), std::byte(0xc0)});
    for (const char* name : {"norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"})
        arrays[keys(name)] = counting({2}, 7);
    arrays[keys("norm.num_batches_tracked")] = Array::of({}, std::vector<std::int64_t>{5});
    return arrays;
}

} // namespace

class TestLoadWeights : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everythingIsCopiedAndConverted() {
        Network network;
        const auto report = loadWeights(*network, checkpoint(), "model.pth");
        QVERIFY2(bool(report), report ? "" : report.error().message.c_str());
        QCOMPARE(report->loaded, std::size_t(7));
        QVERIFY(report->unexpected.empty());
        QCOMPARE(network->fc->weight[1][2].item<float>(), 6.0f);
        QCOMPARE(network->fc->bias[0].item<float>(), 0.5f);
        QCOMPARE(network->fc->bias[1].item<float>(), -2.0f);
        QCOMPARE(network->norm->running_var[1].item<float>(), 8.0f);
        QVERIFY(network->fc->weight.requires_grad());
    }

    void aMissingKeyIsNamedAndNothingIsCopied() {
        Network network;
        const auto before = network->norm->bias.clone();
        ArrayMap arrays = checkpoint();
        arrays.erase("fc.weight");
        const auto report = loadWeights(*network, arrays, "model.pth");
        QVERIFY(!report);
        QCOMPARE(report.error().message, std::string("model.pth has no tensor 'fc.weight'."));
        QVERIFY(torch::equal(network->norm->bias, before));
    }

    void aMisshapenKeyIsNamedWithBothShapes() {
        Network network;
        const auto before = network->norm->bias.clone();
        ArrayMap arrays = checkpoint();
        arrays["fc.weight"] = counting({3, 2}, 1);
        const auto report = loadWeights(*network, arrays, "model.pth");
        QVERIFY(!report && report.error().code == ErrorCode::ShapeMismatch);
        QCOMPARE(
            report.error().message,
            std::string(
                "In model.pth the tensor 'fc.weight' has the shape (3, 2) instead of (2, 3)."));
        QVERIFY(torch::equal(network->norm->bias, before));
    }

    void unexpectedKeysAreListed() {
        Network network;
        ArrayMap arrays = checkpoint();
        arrays["head.weight"] = counting({1}, 0);
        const auto report = loadWeights(*network, arrays, "model.pth");
        QVERIFY(bool(report));
        QCOMPARE(report->unexpected, std::vector<std::string>{"head.weight"});
        QVERIFY(describe(*report, "model.pth").find("head.weight") != std::string::npos);
    }

    void namesAreMappedByRules() {
        const KeyMap keys{{{".", "_"}, {"norm", "bn"}}, "model_", "_to_fp16"};
        QCOMPARE(keys("norm.running_mean"), std::string("model_bn_running_mean_to_fp16"));
        Network network;
        QVERIFY(bool(loadWeights(*network, checkpoint(keys), "model.mil", keys)));
        QVERIFY(!loadWeights(*network, checkpoint(), "model.mil", keys));
    }

    // As the official denoiser: two files that overlap, the last one counts.
    void severalFilesCompleteEachOther() {
        Network network;
        ArrayMap first = checkpoint(), second;
        second["fc.weight"] = counting({2, 3}, 100);
        second["extra"] = counting({1}, 0);
        first.erase("norm.bias");
        const std::vector<WeightSource> sources{{&first, "base.pth"}, {&second, "motion.pth"}};
        const auto failed = loadWeights(*network, sources);
        QVERIFY(!failed);
        QCOMPARE(failed.error().message,
                 std::string("base.pth and motion.pth have no tensor 'norm.bias'."));
        second["norm.bias"] = counting({2}, 5);
        const auto report = loadWeights(*network, sources);
        QVERIFY2(bool(report), report ? "" : report.error().message.c_str());
        QCOMPARE(network->fc->weight[0][0].item<float>(), 100.0f);
        QCOMPARE(report->unexpected, std::vector<std::string>{"extra"});
        LoadOptions options;
        options.ignores = [](const std::string& key) { return key == "extra"; };
        QVERIFY(loadWeights(*network, sources, options)->unexpected.empty());
    }

    void missingInputChannelsAreZeroWhereThatIsAllowed() {
        Network network;
        ArrayMap arrays = checkpoint();
        arrays["fc.weight"] = counting({2, 2}, 1);
        const std::vector<WeightSource> sources{{&arrays, "sd.pth"}};
        QVERIFY(!loadWeights(*network, sources));
        LoadOptions options;
        options.widened = {"fc.weight"};
        QVERIFY(bool(loadWeights(*network, sources, options)));
        const auto wanted = torch::tensor({{1.f, 2.f, 0.f}, {3.f, 4.f, 0.f}});
        QVERIFY(torch::equal(network->fc->weight, wanted));
        arrays["fc.weight"] = counting({2, 4}, 1);
        QVERIFY(!loadWeights(*network, sources, options));
    }

    void matricesMayBeConvolutionsOfOnePixel() {
        Network network;
        ArrayMap arrays = checkpoint();
        arrays["fc.weight"] = counting({2, 3, 1, 1}, 1);
        QVERIFY(bool(loadWeights(*network, arrays, "old.bin")));
        QCOMPARE(network->fc->weight[1][2].item<float>(), 6.0f);
    }

    void valuesThatAreNotFiniteAreNamed() {
        Network network;
        ArrayMap arrays = checkpoint();
        arrays["norm.bias"] = Array::of({2}, std::vector<float>{1, NAN});
        const auto report = loadWeights(*network, arrays, "model.pth");
        QVERIFY(!report && report.error().code == ErrorCode::BadFormat);
        QVERIFY(report.error().message.find("norm.bias") != std::string::npos);
    }

    void wholeNumbersAreNoWeights() {
        Network network;
        ArrayMap arrays = checkpoint();
        arrays["fc.bias"] = Array::of({2}, std::vector<std::int32_t>{1, 2});
        QVERIFY(!loadWeights(*network, arrays, "quantised.pth"));
    }

    void valuesGoStraightToTheNetworksType() {
        Network network;
        network->fc->to(torch::kBFloat16);
        QVERIFY(bool(loadWeights(*network, checkpoint(), "model.pth")));
        QCOMPARE(network->fc->weight.scalar_type(), torch::kBFloat16);
        QCOMPARE(network->fc->weight[1][2].item<float>(), 6.0f);
    }

    void prefixesAreFoundAndTakenOff() {
        ArrayMap arrays = checkpoint(KeyMap{{}, "unet.", ""});
        arrays["text.fc.weights"] = counting({1}, 0);
        QCOMPARE(prefixBefore(arrays, "fc.weight"), std::string("unet."));
        QCOMPARE(prefixBefore(arrays, "c.weight"), std::string());
        QCOMPARE(prefixBefore(arrays, "conv.weight"), std::string());
        Network network;
        QVERIFY(bool(loadWeights(*network, withoutPrefix(arrays, "unet."), "model.pth")));
    }

    void olderNamesOfAttentionBecomeTheNewerOnes() {
        ArrayMap arrays;
        for (const char* name : {"query", "key", "value", "proj_attn", "group_norm"})
            arrays["encoder.mid_block.attentions.0." + std::string(name) + ".weight"] =
                counting({1}, 0);
        arrays["some.key.weight"] = counting({1}, 0);
        const ArrayMap renamed = withNewAttentionNames(arrays);
        QCOMPARE(renamed.size(), std::size_t(6));
        for (const char* name : {"to_q", "to_k", "to_v", "to_out.0", "group_norm"})
            QVERIFY(renamed.contains("encoder.mid_block.attentions.0." + std::string(name) +
                                     ".weight"));
        QVERIFY(renamed.contains("some.key.weight"));
        QCOMPARE(withNewAttentionNames(renamed).size(), std::size_t(6));
    }

    void tensorsShareTheArraysBytesAndKeepThemAlive() {
        Array array = counting({4}, 1);
        const auto* bytes = array.bytes.data();
        torch::Tensor tensor = *toTensor(array);
        QVERIFY(static_cast<const void*>(bytes) == tensor.data_ptr());
        array = Array();
        QCOMPARE(tensor.sum().item<float>(), 10.0f);
    }

    void bytesThatAreNotAlignedAreCopied() {
        std::vector<std::byte> storage(17);
        const float values[] = {1, 2, 3, 4};
        std::memcpy(storage.data() + 1, values, 16);
        Array array;
        array.shape = {4};
        const auto owner = std::make_shared<const std::vector<std::byte>>(storage);
        array.bytes = std::span(*owner).subspan(1);
        array.owner = owner;
        QCOMPARE(toTensor(array)->sum().item<float>(), 10.0f);
    }

    void bfloatAndWideUnsignedAreUnderstood() {
        const Array bfloat = Array::ofBytes(DType::BF16, {1}, {std::byte(0x80), std::byte(0x3f)});
        QCOMPARE(toTensor(bfloat)->to(torch::kFloat32).item<float>(), 1.0f);
        const Array wide = Array::ofBytes(DType::U16, {1}, {std::byte(0xff), std::byte(0xff)});
        QCOMPARE(toTensor(wide)->item<int>(), 65535);
        QVERIFY(!toTensor(Array::ofText("x")));
    }

    void tensorsBecomeArraysAgain() {
        const auto array = toArray(torch::arange(6).reshape({2, 3}).t());
        QVERIFY(bool(array));
        QCOMPARE(array->shape, (std::vector<std::int64_t>{3, 2}));
        QCOMPARE(array->toInts(), (std::vector<std::int64_t>{0, 3, 1, 4, 2, 5}));
    }
};

QTEST_GUILESS_MAIN(TestLoadWeights)
#include "test_load_weights.moc"
