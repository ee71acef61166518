// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/tflite.h"
#include "tests/unit/formats/flat_builder.h"

#include <QTest>

#include <random>

using namespace strata;
using Table = FlatBuilder::Table;
using Ints = std::vector<std::int32_t>;

namespace {

FileBytes bytesOfText(const std::string& text) {
    const auto span = std::as_bytes(std::span(text));
    return FileBytes::own({span.begin(), span.end()}, "test.tflite");
}

Table tensor(const std::string& name, const Ints& shape, std::uint32_t buffer) {
    return Table().vector(0, shape).number(1, std::int8_t(0)).number(2, buffer).text(3, name);
}

Table bufferOf(const std::vector<float>& values) {
    const auto* raw = reinterpret_cast<const char*>(values.data());
    return Table().vector(0, std::vector<char>(raw, raw + 4 * values.size()));
}

/// y = conv(x, w) with the given options and tensor w.
std::string graph(const Table& options, const Table& weight, const Ints& inputs = {0, 1, -1}) {
    const Table op =
        Table().number(0, std::uint32_t(0)).vector(1, inputs).vector(2, Ints{2}).table(4, options);
    const Table sub =
        Table()
            .tables(0, {tensor("x", {1, 4, 4, 1}, 0), weight, tensor("y", {1, 2, 2, 1}, 0)})
            .vector(1, Ints{0})
            .vector(2, Ints{2})
            .tables(3, {op});
    const Table model = Table()
                            .number(0, std::uint32_t(3))
                            .tables(1, {Table().number(0, std::int8_t(3))})
                            .tables(2, {sub})
                            .tables(4, {Table(), bufferOf({1, 2, 3, 4})});
    return FlatBuilder::file(model, "TFL3");
}

Table convolution(std::int32_t stride = 2) {
    return Table()
        .number(0, std::int8_t(1))
        .number(1, stride)
        .number(2, stride)
        .number(3, std::int8_t(3));
}

const Table kWeight = tensor("w", {1, 2, 2, 1}, 1);

std::filesystem::path installed(const char* name) {
    const char* home = std::getenv("HOME");
    return std::string(home ? home : "") + "/.local/share/strata/models/blazepose/" + name;
}

} // namespace

class TestTflite : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tensorsOperatorsAndOptionsAreRead() {
        const auto model = parseTflite(bytesOfText(graph(convolution(), kWeight)));
        QVERIFY2(bool(model), model ? "" : model.error().message.c_str());
        QCOMPARE(model->tensors.size(), std::size_t(3));
        QVERIFY(model->tensors[1].constant && !model->tensors[0].constant);
        QCOMPARE(model->tensors[1].data.toFloats(), (std::vector<float>{1, 2, 3, 4}));
        QCOMPARE(model->tensors[1].name, std::string("w"));
        const TfliteOperator& op = model->operators.at(0);
        QVERIFY(op.op == TfliteOp::Conv2d);
        QCOMPARE(op.inputs, (std::vector<int>{0, 1, -1}));
        QVERIFY(op.options.padding == TflitePadding::Valid);
        QVERIFY(op.options.activation == TfliteActivation::Relu6);
        QCOMPARE(op.options.strideWidth, 2);
        QCOMPARE(op.options.dilationHeight, 1);
    }

    void sparseConstantsBecomeDense() {
        // Rows dense, columns compressed: [[1, 0, 2], [0, 3, 4]].
        const auto indices = [](const Ints& values) { return Table().vector(0, values); };
        const Table rows = Table().number(0, std::int8_t(0)).number(1, std::int32_t(2));
        const Table columns = Table()
                                  .number(0, std::int8_t(1))
                                  .number(2, std::uint8_t(1))
                                  .table(3, indices({0, 2, 4}))
                                  .number(4, std::uint8_t(1))
                                  .table(5, indices({0, 2, 1, 2}));
        const auto weight = [&](const Table& second) {
            return tensor("w", {2, 3}, 1)
                .table(6, Table().vector(0, Ints{0, 1}).tables(2, {rows, second}));
        };
        const auto model = parseTflite(bytesOfText(graph(convolution(), weight(columns))));
        QVERIFY2(bool(model), model ? "" : model.error().message.c_str());
        QCOMPARE(model->tensors[1].data.toFloats(), (std::vector<float>{1, 0, 2, 0, 3, 4}));

        const Table outside = Table()
                                  .number(0, std::int8_t(1))
                                  .number(2, std::uint8_t(1))
                                  .table(3, indices({0, 2, 4}))
                                  .number(4, std::uint8_t(1))
                                  .table(5, indices({0, 3, 1, 2}));
        QVERIFY(!parseTflite(bytesOfText(graph(convolution(), weight(outside)))));
    }

    void sparseBlocksBecomeDense() {
        // 4×2 in blocks of 2×1; only the lower left and upper right blocks are kept.
        const auto indices = [](const Ints& values) { return Table().vector(0, values); };
        const Table rows = Table().number(0, std::int8_t(0)).number(1, std::int32_t(2));
        const Table columns = Table()
                                  .number(0, std::int8_t(1))
                                  .number(2, std::uint8_t(1))
                                  .table(3, indices({0, 1, 2}))
                                  .number(4, std::uint8_t(1))
                                  .table(5, indices({1, 0}));
        const Table inside = Table().number(0, std::int8_t(0)).number(1, std::int32_t(2));
        const Table weight = tensor("w", {4, 2}, 1)
                                 .table(6, Table()
                                               .vector(0, Ints{0, 1, 2})
                                               .vector(1, Ints{0})
                                               .tables(2, {rows, columns, inside}));
        const auto model = parseTflite(bytesOfText(graph(convolution(), weight)));
        QVERIFY2(bool(model), model ? "" : model.error().message.c_str());
        QCOMPARE(model->tensors[1].data.toFloats(), (std::vector<float>{0, 1, 0, 2, 3, 0, 4, 0}));
    }

    void brokenGraphsAreRefused() {
        QVERIFY(!parseTflite(bytesOfText("")));
        QVERIFY(!parseTflite(bytesOfText("not a model at all")));
        QVERIFY(!parseTflite(bytesOfText(graph(convolution(0), kWeight))));
        QVERIFY(!parseTflite(bytesOfText(graph(convolution(), tensor("w", {5}, 1)))));
        QVERIFY(!parseTflite(bytesOfText(graph(convolution(), tensor("w", {4}, 9)))));
        QVERIFY(!parseTflite(bytesOfText(graph(convolution(), kWeight, {0, 2}))));
        QVERIFY(!parseTflite(bytesOfText(graph(convolution(), kWeight, {0, 77}))));
    }

    void damageNeverGoesUnbounded() {
        const std::string whole = graph(convolution(), kWeight);
        for (std::size_t size = 0; size < whole.size(); ++size)
            (void)parseTflite(bytesOfText(whole.substr(0, size)));
        std::mt19937 random(1);
        for (int i = 0; i < 20000; ++i) {
            std::string bad = whole;
            for (int change = 0; change < 3; ++change)
                bad[random() % bad.size()] = char(random());
            (void)parseTflite(bytesOfText(bad));
        }
    }

    void theInstalledGraphsAreRead() {
        if (!std::filesystem::exists(installed("pose_detection.tflite")))
            QSKIP("BlazePose is not installed");
        const auto detector = readTflite(installed("pose_detection.tflite"));
        QVERIFY2(bool(detector), detector ? "" : detector.error().message.c_str());
        QCOMPARE(detector->tensors.at(std::size_t(detector->outputs.at(0))).data.shape,
                 (std::vector<std::int64_t>{1, 2254, 12}));
        const auto landmarks = readTflite(installed("pose_landmark_heavy.tflite"));
        QVERIFY2(bool(landmarks), landmarks ? "" : landmarks.error().message.c_str());
        QCOMPARE(landmarks->outputs.size(), std::size_t(5));
    }
};

QTEST_GUILESS_MAIN(TestTflite)
#include "test_tflite.moc"
