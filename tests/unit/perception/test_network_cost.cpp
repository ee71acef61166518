// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/perception/network_cost.h"

#include "engine/nn/depth/depth_anything.h"
#include "perception_support.h"

#include <ATen/record_function.h>

#include <QTest>

#include <atomic>

using namespace strata;

namespace {

/// A graph of one operator.
TfliteModel graphOf(TfliteOp op, const std::vector<std::vector<std::int64_t>>& inputs,
                    const std::vector<std::int64_t>& output) {
    TfliteModel model;
    TfliteOperator only;
    only.op = op;
    for (const auto& shape : inputs) {
        only.inputs.push_back(int(model.tensors.size()));
        model.tensors.emplace_back();
        model.tensors.back().data.shape = shape;
    }
    only.outputs = {int(model.tensors.size())};
    model.tensors.emplace_back();
    model.tensors.back().data.shape = output;
    model.operators = {only};
    return model;
}

/// Counts what LibTorch really computes, from outside: products with their bias at the level of
/// operators that all backends share.
std::atomic<std::int64_t> counted{0};

std::unique_ptr<at::ObserverContext> count(const at::RecordFunction& function) {
    const auto inputs = function.inputs();
    const auto tensor = [&](std::size_t i) { return inputs[i].toTensor(); };
    const std::string name = function.name();
    if (name == "aten::linear") {
        counted += 2 * tensor(0).numel() * tensor(1).size(0);
    } else if (name == "aten::convolution") {
        const auto x = tensor(0), w = tensor(1);
        const auto stride = inputs[3].toIntVector(), padding = inputs[4].toIntVector();
        const bool transposed = inputs[6].toBool();
        std::int64_t places = x.size(0);
        for (std::size_t i = 0; i < 2; ++i) {
            const auto side = x.size(std::int64_t(i) + 2), kernel = w.size(std::int64_t(i) + 2);
            places *= transposed ? side : (side + 2 * padding[i] - kernel) / stride[i] + 1;
        }
        counted += 2 * places * w.numel();
    }
    return nullptr;
}

} // namespace

class TestNetworkCost : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aConvolutionMultipliesEveryResultByItsWindow() {
        const auto model =
            graphOf(TfliteOp::Conv2d, {{1, 8, 8, 3}, {16, 3, 3, 3}, {16}}, {1, 4, 4, 16});
        QCOMPARE(workOf(model), 2.0 * (4 * 4 * 16) * (3 * 3 * 3));
    }

    void aDepthwiseConvolutionSeesOneChannelAtATime() {
        const auto model =
            graphOf(TfliteOp::DepthwiseConv2d, {{1, 8, 8, 6}, {1, 5, 5, 6}, {6}}, {1, 8, 8, 6});
        QCOMPARE(workOf(model), 2.0 * (8 * 8 * 6) * (5 * 5));
    }

    void aTransposedConvolutionSpreadsEveryInput() {
        const auto model =
            graphOf(TfliteOp::TransposeConv, {{4}, {8, 2, 2, 3}, {1, 5, 5, 3}}, {1, 10, 10, 8});
        QCOMPARE(workOf(model), 2.0 * (5 * 5 * 3) * (8 * 2 * 2));
    }

    void aDenseLayerIsAMatrixProduct() {
        const auto model = graphOf(TfliteOp::FullyConnected, {{4, 10}, {7, 10}}, {4, 7});
        QCOMPARE(workOf(model), 2.0 * 4 * 7 * 10);
    }

    void whatIsNoProductCostsNothing() {
        const auto model = graphOf(TfliteOp::Add, {{1, 8, 8, 3}, {1, 8, 8, 3}}, {1, 8, 8, 3});
        QCOMPARE(workOf(model), 0.0);
    }

    void theDepthFormulaAgreesWithWhatTheNetworkComputes_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("even numbers of patches") << 56 << 84;
        QTest::newRow("odd numbers of patches") << 70 << 42;
    }

    void theDepthFormulaAgreesWithWhatTheNetworkComputes() {
        QFETCH(int, width);
        QFETCH(int, height);
        nn::DepthAnythingConfig config;
        config.encoder = {64, 4, 160, 14, 5, {0, 1, 2, 3}};
        config.head = {64, 16, {12, 20, 24, 40}};
        nn::DepthAnything network(config);
        const auto image = torch::rand({1, 3, height, width});
        counted = 0;
        const auto handle =
            at::addGlobalCallback(at::RecordFunctionCallback(count).needsInputs(true).scopes(
                {at::RecordScope::FUNCTION}));
        // Gradients on: all products go through the operators that are counted.
        network->forward(image);
        at::removeCallback(handle);
        const DepthNetworkShape shape{64, 4, 160, 14, 16, {12, 20, 24, 40}};
        QVERIFY(counted > 0);
        QCOMPARE(workOf(shape, {width, height}), double(counted));
    }

    void aProfileIsAddedUp() {
        const std::string profile = R"([
          {"cat":"Session","name":"model_run","args":{}},
          {"cat":"Node","args":{"op_name":"Conv",
            "input_type_shape":[{"float":[1,3,8,8]},{"float":[4,3,3,3]},{"float":[4]}],
            "output_type_shape":[{"float":[1,4,8,8]}]}},
          {"cat":"Node","args":{"op_name":"ConvTranspose",
            "input_type_shape":[{"float":[1,4,8,8]},{"float":[4,2,2,2]}],
            "output_type_shape":[{"float":[1,2,16,16]}]}},
          {"cat":"Node","args":{"op_name":"MatMul",
            "input_type_shape":[{"float":[2,5,6]},{"float":[6,7]}],
            "output_type_shape":[{"float":[2,5,7]}]}},
          {"cat":"Node","args":{"op_name":"Gemm",
            "input_type_shape":[{"float":[1,10]},{"float":[10,4]}],
            "output_type_shape":[{"float":[1,4]}]}},
          {"cat":"Node","args":{"op_name":"Relu",
            "input_type_shape":[{"float":[1,4]}],"output_type_shape":[{"float":[1,4]}]}}])";
        const auto work = workOfOnnxProfile(profile);
        QVERIFY2(work, work ? "" : work.error().message.c_str());
        const double conv = 4 * 64 * 27, enlarge = 4 * 64 * 8, product = 70 * 6, dense = 40;
        QCOMPARE(*work, 2 * (conv + enlarge + product + dense));
    }

    void aProfileThatIsNoneIsAnError() {
        for (const char* text : {"", "[]", "{", "[1,{\"args\":{\"op_name\":\"Conv\"}}]",
                                 "[{\"args\":{\"op_name\":\"Conv\",\"input_type_shape\":[[]]}}]"})
            QVERIFY2(!workOfOnnxProfile(text), text);
    }

    void picturesKeepTheirShapeInsideTheNetwork() {
        QCOMPARE(networkInputSize({854, 480}, 392, 14).width, 700);
        QCOMPARE(networkInputSize({854, 480}, 392, 14).height, 392);
        QCOMPARE(networkInputSize({100, 2000}, 384, 32).height, 4 * 384);
    }

    void theMattingGraphGrowsWithThePicture() {
        const auto model = test::modelFile("modnet/model.onnx");
        NEEDS_FILE(model);
        const auto small = mattingWork(model, {128, 128});
        const auto large = mattingWork(model, {128, 256});
        QVERIFY2(small, small ? "" : small.error().message.c_str());
        QVERIFY2(large, large ? "" : large.error().message.c_str());
        // All but the channel attention at its bottom is convolutions.
        QVERIFY(*large / *small > 1.98 && *large / *small < 2.001);
    }

    void aMissingModelIsAnError() { QVERIFY(!mattingWork("/nowhere/model.onnx", {128, 128})); }
};

QTEST_GUILESS_MAIN(TestNetworkCost)
#include "test_network_cost.moc"
