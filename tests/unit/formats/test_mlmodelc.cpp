// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/mlmodelc.h"

#include <QTest>

#include <cmath>
#include <cstring>

using namespace strata;

namespace {

FileBytes bytesOfText(const std::string& text, const std::string& name) {
    const auto span = std::as_bytes(std::span(text));
    return FileBytes::own({span.begin(), span.end()}, name);
}

std::string constant(const std::string& name, const std::string& type, const std::string& value) {
    return "  tensor<" + type + "> " + name + " = const()[name = tensor<string, []>(\"" + name +
           "\"), val = tensor<" + type + ">(" + value + ")];\n";
}

std::string blob(std::uint64_t offset) {
    return "BLOBFILE(path = tensor<string, []>(\"@model_path/weights/weight.bin\"), offset = "
           "tensor<uint64, []>(" +
           std::to_string(offset) + "))";
}

/// One record at 64 with `size` bytes said to lie at `data`, two half values at 128.
std::string weights(std::uint64_t size = 4, std::uint64_t data = 128,
                    std::uint32_t mark = 0xdeadbeef) {
    std::string file(132, '\0');
    const std::uint32_t code = 1;
    const std::uint16_t halves[] = {0x3c00, 0xc000};
    std::memcpy(&file[64], &mark, 4);
    std::memcpy(&file[68], &code, 4);
    std::memcpy(&file[72], &size, 8);
    std::memcpy(&file[80], &data, 8);
    std::memcpy(&file[128], halves, 4);
    return file;
}

Result<ArrayMap> parse(const std::string& body, const std::string& weightFile = weights()) {
    return parseMlmodelc(bytesOfText("program(1.0)\n{\n" + body + "}", "model.mil"),
                         bytesOfText(weightFile, "weight.bin"));
}

} // namespace

class TestMlmodelc : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void constantsInTheTextAreRead() {
        auto arrays =
            parse(constant("a", "fp16, [1, 2, 1]", "[[[0x1.8p+0], [-0x1p-1]]]") +
                  constant("b", "int32, []", "-7") + constant("c", "bool, [2]", "[true, false]") +
                  constant("d", "string, []", "\"va\\\"lid)\"") +
                  constant("e", "fp32, []", "0x1.010102p-8"));
        QVERIFY2(bool(arrays), arrays ? "" : arrays.error().message.c_str());
        QCOMPARE((*arrays)["a"].toFloats(), (std::vector<float>{1.5f, -0.5f}));
        QCOMPARE((*arrays)["a"].shape, (std::vector<std::int64_t>{1, 2, 1}));
        QCOMPARE((*arrays)["b"].toInts(), (std::vector<std::int64_t>{-7}));
        QCOMPARE((*arrays)["c"].toInts(), (std::vector<std::int64_t>{1, 0}));
        QCOMPARE((*arrays)["d"].texts.at(0), std::string("va\"lid)"));
        QCOMPARE((*arrays)["e"].toFloats().at(0), 0x1.010102p-8f);
    }

    void constantsInTheWeightFileAreRead() {
        auto arrays = parse(constant("w", "fp16, [2]", blob(64)));
        QVERIFY2(bool(arrays), arrays ? "" : arrays.error().message.c_str());
        QCOMPARE((*arrays)["w"].toFloats(), (std::vector<float>{1, -2}));
    }

    void whatDoesNotFitIsRefused() {
        QVERIFY(!parse(constant("w", "fp16, [3]", blob(64))));
        QVERIFY(!parse(constant("w", "fp32, [1]", blob(64))));
        QVERIFY(!parse(constant("w", "fp16, [2]", blob(120))));
        QVERIFY(!parse(constant("w", "fp16, [2]", blob(1000))));
        QVERIFY(!parse(constant("w", "fp16, [2]", blob(64)), weights(4, 130)));
        QVERIFY(!parse(constant("w", "fp16, [2]", blob(64)), weights(4, ~0ull)));
        QVERIFY(!parse(constant("w", "fp16, [2]", blob(64)), weights(4, 128, 1)));
        QVERIFY(!parse(constant("a", "int32, [2]", "[1]")));
        QVERIFY(!parse(constant("a", "int32, [4611686018427387904, 4]", "[1]")));
        QVERIFY(!parse(constant("a", "int32, []", "x")));
        QVERIFY(!parse(constant("a", "int32, []", "1") + constant("a", "int32, []", "1")));
        QVERIFY(!parse(""));
        // Found by a fuzzer: a constant without a value.
        QVERIFY(!parse("tensor<bool, []> b = const()[n = tensor<bool, []>(true)];"));
        const std::string whole = constant("w", "fp16, [2]", blob(64));
        for (std::size_t size = 24; size + 3 < whole.size(); ++size)
            QVERIFY(!parse(whole.substr(0, size)));
    }

    void theDepthModelIsRead() {
        const char* home = std::getenv("HOME");
        const std::filesystem::path folder =
            std::string(home ? home : "") + "/.local/share/strata/models/depth_anything_v2_small";
        if (!std::filesystem::exists(folder / "model.mil"))
            QSKIP("the depth model is not installed");
        const auto arrays = readMlmodelc(folder);
        QVERIFY2(bool(arrays), arrays ? "" : arrays.error().message.c_str());
        const auto qkv = require(*arrays, "model_pretrained_blocks_0_attn_qkv_weight_to_fp16",
                                 "model", {1152, 384});
        QVERIFY(bool(qkv));
        double squares = 0;
        for (const float value : qkv->toFloats())
            squares += double(value) * value;
        QVERIFY(std::isfinite(squares) && squares > 1);
        const auto bias =
            require(*arrays, "model_depth_head_scratch_output_conv2_2_bias_to_fp16", "model", {1});
        QVERIFY(bool(bias));
        QCOMPARE(bias->toFloats().at(0), 0x1.6b4p-4f);
    }
};

QTEST_GUILESS_MAIN(TestMlmodelc)
#include "test_mlmodelc.moc"
