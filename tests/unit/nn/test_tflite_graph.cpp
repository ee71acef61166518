// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/guard.h"
#include "engine/nn/tflite/tflite_graph.h"

#include <QTest>

#include <numeric>

using namespace strata;

namespace {

using Floats = std::vector<float>;

// A graph of one operator: input 0 computed, the others constant.
struct OneOperator {
    TfliteModel model;
    TfliteOptions& options() { return model.operators.front().options; }

    OneOperator(TfliteOp op, nn::Shape input, nn::Shape output) {
        model.tensors.resize(2);
        model.tensors[0].data.shape = std::move(input);
        model.tensors[1].data.shape = std::move(output);
        model.inputs = {0};
        model.outputs = {1};
        model.operators.push_back({op, "", {0}, {1}, {}});
    }
    void add(Array constant, bool first = false) {
        TfliteTensor tensor;
        tensor.name = "constant";
        tensor.constant = true;
        tensor.data = std::move(constant);
        auto& inputs = model.operators.front().inputs;
        const int index = int(model.tensors.size());
        inputs.insert(first ? inputs.begin() : inputs.end(), index);
        model.tensors.push_back(std::move(tensor));
    }
    Result<Floats> run(const Floats& values) {
        STRATA_ASSIGN(const auto graph, nn::TfliteGraph::create(model));
        return nn::inferring("Running", [&]() -> Result<Floats> {
            const auto input = torch::tensor(values).reshape(graph.inputShapes().front());
            const auto output = graph.run({input}).front().contiguous();
            return Floats(output.data_ptr<float>(), output.data_ptr<float>() + output.numel());
        });
    }
};

Floats counting(std::size_t count) {
    Floats values(count);
    std::iota(values.begin(), values.end(), 1.f);
    return values;
}

Array floats(nn::Shape shape, const Floats& values) {
    return Array::of(std::move(shape), std::span<const float>(values));
}

Array ints(nn::Shape shape, const std::vector<std::int32_t>& values) {
    return Array::of(std::move(shape), std::span<const std::int32_t>(values));
}

bool near(const Floats& a, const Floats& b) {
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::abs(a[i] - b[i]) > 1e-5f)
            return false;
    return true;
}

} // namespace

#define COMPARE_RUN(graph, input, ...)                                                             \
    do {                                                                                           \
        const auto result = (graph).run(input);                                                    \
        QVERIFY2(result, result ? "" : result.error().message.c_str());                            \
        QVERIFY(near(*result, Floats __VA_ARGS__));                                                \
    } while (false)

class TestTfliteGraph : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // 4 x 4 counting picture, 3 x 3 of ones, stride 2: SAME pads only below and to the right.
    void samePaddingOfAStridedConvolutionIsNotSymmetric() {
        OneOperator graph(TfliteOp::Conv2d, {1, 4, 4, 1}, {1, 2, 2, 1});
        graph.add(floats({1, 3, 3, 1}, Floats(9, 1.f)));
        graph.options().strideHeight = graph.options().strideWidth = 2;
        COMPARE_RUN(graph, counting(16), {54, 45, 72, 54});
    }

    void symmetricSamePaddingAndBiasAndActivation() {
        OneOperator graph(TfliteOp::Conv2d, {1, 3, 3, 1}, {1, 3, 3, 1});
        graph.add(floats({1, 3, 3, 1}, Floats(9, 1.f)));
        graph.add(floats({1}, {-20}));
        graph.options().activation = TfliteActivation::Relu;
        COMPARE_RUN(graph, counting(9), {0, 1, 0, 7, 25, 13, 4, 19, 8});
    }

    // Two input channels, two filters: weights are [out, row, column, in] in the file.
    void convolutionReadsChannelsInTheFilesOrder() {
        OneOperator graph(TfliteOp::Conv2d, {1, 1, 2, 2}, {1, 1, 2, 2});
        graph.add(floats({2, 1, 1, 2}, {1, 10, 100, 1000}));
        graph.options().padding = TflitePadding::Valid;
        COMPARE_RUN(graph, counting(4), {21, 2100, 43, 4300});
    }

    void depthwiseConvolutionMultipliesChannels() {
        OneOperator graph(TfliteOp::DepthwiseConv2d, {1, 1, 1, 2}, {1, 1, 1, 4});
        graph.add(floats({1, 1, 1, 4}, {1, 2, 3, 4}));
        graph.options().depthMultiplier = 2;
        COMPARE_RUN(graph, (Floats{5, 7}), {5, 10, 21, 28});
    }

    // A 1 x 2 picture spread by stride 2 with a 1 x 3 filter: 1 2 3+1*2 ... and the first column
    // cut off by SAME.
    void transposedConvolutionSpreadsPixels() {
        OneOperator graph(TfliteOp::TransposeConv, {1, 1, 2, 1}, {1, 1, 4, 1});
        graph.add(floats({1, 1, 3, 1}, {1, 2, 3}), true);
        graph.add(ints({4}, {1, 1, 4, 1}), true);
        graph.options().strideWidth = 2;
        COMPARE_RUN(graph, (Floats{1, 10}), {1, 2, 13, 20});
    }

    void poolingIgnoresThePadding() {
        OneOperator most(TfliteOp::MaxPool2d, {1, 1, 3, 1}, {1, 1, 2, 1});
        most.options().strideWidth = most.options().filterWidth = 2;
        COMPARE_RUN(most, (Floats{-1, -2, -3}), {-1, -3});
        OneOperator mean(TfliteOp::AveragePool2d, {1, 1, 3, 1}, {1, 1, 2, 1});
        mean.options().strideWidth = mean.options().filterWidth = 2;
        COMPARE_RUN(mean, (Floats{-1, -2, -3}), {-1.5f, -3});
    }

    void paddingOfChannelsAndRows() {
        OneOperator graph(TfliteOp::Pad, {1, 1, 1, 2}, {1, 2, 1, 3});
        graph.add(ints({4, 2}, {0, 0, 1, 0, 0, 0, 0, 1}));
        COMPARE_RUN(graph, (Floats{3, 4}), {0, 0, 0, 3, 4, 0});
    }

    void resizeKnowsItsThreeConventions() {
        const auto graph = [](bool corners, bool half) {
            OneOperator graph(TfliteOp::ResizeBilinear, {1, 1, 2, 1}, {1, 1, 4, 1});
            graph.add(ints({2}, {1, 4}));
            graph.options().alignCorners = corners;
            graph.options().halfPixelCenters = half;
            return graph;
        };
        COMPARE_RUN(graph(true, false), (Floats{0, 3}), {0, 1, 2, 3});
        COMPARE_RUN(graph(false, true), (Floats{0, 4}), {0, 1, 3, 4});
        COMPARE_RUN(graph(false, false), (Floats{0, 4}), {0, 2, 4, 4});
    }

    void depthToSpacePutsTheBlockBeforeTheChannel() {
        OneOperator graph(TfliteOp::DepthToSpace, {1, 1, 1, 8}, {1, 2, 2, 2});
        graph.options().blockSize = 2;
        COMPARE_RUN(graph, counting(8), {1, 2, 3, 4, 5, 6, 7, 8});
        OneOperator row(TfliteOp::DepthToSpace, {1, 1, 2, 4}, {1, 2, 4, 1});
        row.options().blockSize = 2;
        COMPARE_RUN(row, counting(8), {1, 2, 5, 6, 3, 4, 7, 8});
    }

    void reshapeFollowsTheFilesOrder() {
        OneOperator graph(TfliteOp::Reshape, {1, 2, 2, 2}, {4, 2});
        graph.add(ints({2}, {4, 2}));
        COMPARE_RUN(graph, counting(8), {1, 2, 3, 4, 5, 6, 7, 8});
    }

    void concatenationAlongColumnsAndChannels() {
        OneOperator columns(TfliteOp::Concatenation, {1, 2, 1, 1}, {1, 2, 2, 1});
        columns.add(floats({1, 2, 1, 1}, {10, 20}));
        columns.options().axis = 2;
        COMPARE_RUN(columns, (Floats{1, 2}), {1, 10, 2, 20});
        OneOperator channels(TfliteOp::Concatenation, {1, 2, 1, 1}, {1, 2, 1, 2});
        channels.add(floats({1, 2, 1, 1}, {10, 20}));
        channels.options().axis = -1;
        COMPARE_RUN(channels, (Floats{1, 2}), {1, 10, 2, 20});
    }

    void additionBroadcastsOverTheLastDimension() {
        OneOperator graph(TfliteOp::Add, {1, 1, 2, 2}, {1, 1, 2, 2});
        graph.add(floats({2}, {10, 20}));
        COMPARE_RUN(graph, counting(4), {11, 22, 13, 24});
    }

    void pointwiseOperators() {
        OneOperator six(TfliteOp::Relu6, {3}, {3});
        COMPARE_RUN(six, (Floats{-1, 3, 9}), {0, 3, 6});
        OneOperator logistic(TfliteOp::Logistic, {1}, {1});
        COMPARE_RUN(logistic, (Floats{0}), {0.5f});
        OneOperator prelu(TfliteOp::Prelu, {1, 1, 1, 2}, {1, 1, 1, 2});
        prelu.add(floats({1, 1, 2}, {0.5f, 0.25f}));
        COMPARE_RUN(prelu, (Floats{-4, -4}), {-2, -1});
    }

    void fullyConnectedLayer() {
        OneOperator graph(TfliteOp::FullyConnected, {1, 2}, {1, 2});
        graph.add(floats({2, 2}, {1, 2, 3, 4}));
        graph.add(floats({2}, {100, 200}));
        COMPARE_RUN(graph, (Floats{1, 10}), {121, 243});
    }

    void aResultOfAnotherShapeThanTheFileSaysIsRefused() {
        OneOperator graph(TfliteOp::Conv2d, {1, 4, 4, 1}, {1, 4, 4, 1});
        graph.add(floats({1, 3, 3, 1}, Floats(9, 1.f)));
        graph.options().strideHeight = graph.options().strideWidth = 2;
        QVERIFY(!graph.run(counting(16)));
        OneOperator sum(TfliteOp::Add, {2}, {3});
        sum.add(floats({2}, {1, 2}));
        const auto result = sum.run({1, 2});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::BadFormat);
    }

    void unknownOperatorsAreNamed() {
        OneOperator graph(TfliteOp::Custom, {2}, {2});
        const auto result = graph.run({1, 2});
        QVERIFY(!result);
        QVERIFY(result.error().message.find(nameOf(TfliteOp::Custom)) != std::string::npos);
    }

    void hugeTensorsAreRefusedBeforeTheyAreMade() {
        OneOperator graph(TfliteOp::Pad, {1, 1, 1, 1}, {1, 1 << 20, 1 << 20, 1});
        graph.add(ints({4, 2}, {0, 0, 0, (1 << 20) - 1, 0, (1 << 20) - 1, 0, 0}));
        QVERIFY(!nn::TfliteGraph::create(graph.model));
    }

    void aGraphWhoseOperatorReadsNothingIsRefused() {
        OneOperator graph(TfliteOp::Relu6, {2}, {2});
        graph.model.tensors.resize(3);
        graph.model.tensors[2].data.shape = {2};
        graph.model.operators.front().inputs = {2};
        QVERIFY(!nn::TfliteGraph::create(graph.model));
    }

    void networksRunInInferenceModeAndLeaveIt() {
        QVERIFY(!c10::InferenceMode::is_enabled());
        const auto inside = nn::inferring(
            "Looking", [&]() -> Result<bool> { return c10::InferenceMode::is_enabled(); });
        QVERIFY(inside && *inside);
        QVERIFY(!c10::InferenceMode::is_enabled());
    }

    void whatLibTorchThrowsBecomesOneLine() {
        const auto result = nn::inferring("Adding", [&]() -> Result<bool> {
            return (torch::zeros({2}) + torch::zeros({3})).defined();
        });
        QVERIFY(!result);
        QVERIFY(result.error().message.starts_with("Adding failed: "));
        QVERIFY(result.error().message.find('\n') == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTfliteGraph)
#include "test_tflite_graph.moc"
