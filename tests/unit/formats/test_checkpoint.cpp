// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"
#include "engine/formats/checkpoint.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/torch_zip.h"
#include "engine/formats/zip_writer.h"
#include "tests/unit/formats/pickle_text.h"

#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace strata;
using namespace pickles;
using Floats = std::vector<float>;
using Shape = std::vector<std::int64_t>;

namespace {

std::string tensor(const std::string& key, std::int32_t offset,
                   const std::vector<std::int32_t>& size, const std::vector<std::int32_t>& stride,
                   std::int32_t count = 12) {
    return "ctorch._utils\n_rebuild_tensor_v2\n((X\x07" + literal("\0\0\0storage") +
           "ctorch\nFloatStorage\n" + text(key) + text("cpu") + integer(count) + "tQ" +
           integer(offset) + tuple(size) + tuple(stride) +
           "\x89"
           "ccollections\nOrderedDict\n)RtR";
}

std::string stateDict(const std::string& content) {
    return "\x80\x02"
           "ccollections\nOrderedDict\n)R(" +
           content + "u";
}

Floats counting(int count) {
    Floats values(static_cast<std::size_t>(count));
    std::iota(values.begin(), values.end(), 0.0f);
    return values;
}

} // namespace

class TestCheckpoint : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::filesystem::path at(const char* name) { return m_folder.filePath(name).toStdString(); }

    std::filesystem::path torchFile(const std::string& program) {
        const auto path = at("model.anything");
        ZipWriter zip(path);
        const auto add = [&](const char* name, const std::string& content) {
            zip.add(name, std::as_bytes(std::span(content)));
        };
        add("archive/data.pkl", program);
        add("archive/data/0", raw(counting(12)));
        add("archive/version", "3\n");
        (void)zip.finish();
        return path;
    }
    std::string torchError(const std::string& program) {
        const auto read = readTorch(torchFile(program));
        return read ? "no error" : read.error().message;
    }

private Q_SLOTS:
    void torchTensorsAreReadWithTheirStrides() {
        auto read = readCheckpoint(torchFile(
            stateDict(text("a.weight") + tensor("0", 0, {3, 4}, {4, 1}) + text("b") +
                      tensor("0", 1, {4, 3}, {1, 4}) + text("c") + tensor("0", 5, {}, {})) +
            "."));
        QVERIFY(!read); // b begins at 1 and its last value lies behind the end
        read = readCheckpoint(torchFile(
            stateDict(text("a.weight") + tensor("0", 0, {3, 4}, {4, 1}) + text("b") +
                      tensor("0", 0, {4, 3}, {1, 4}) + text("c") + tensor("0", 5, {}, {})) +
            "."));
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE((*read)["a.weight"].shape, (Shape{3, 4}));
        QCOMPARE((*read)["a.weight"].toFloats(), counting(12));
        QCOMPARE((*read)["b"].toFloats(), (Floats{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
        QCOMPARE((*read)["c"].toFloats(), (Floats{5}));
    }

    void wrappersAreTakenOff() {
        const std::string inner = "}(" + text("module.w") + tensor("0", 0, {12}, {1}) + "u";
        const auto path = torchFile("\x80\x02}(" + text("epoch") + integer(3) + text("state_dict") +
                                    inner + "u.");
        QVERIFY(readTorch(path)->contains("w"));
        QVERIFY(readTorch(path, {false})->contains("state_dict.module.w"));
    }

    void tensorsOutsideTheirDataAreNamed() {
        for (const std::string& bad : {tensor("0", 0, {13}, {1}), tensor("0", 12, {1}, {1}),
                                       tensor("0", -1, {1}, {1}), tensor("0", 0, {2}, {2147483647}),
                                       tensor("0", 0, {2}, {-1}), tensor("0", 0, {2}, {1, 1})})
            QVERIFY(torchError(stateDict(text("weight") + bad) + ".").find("'weight'") !=
                    std::string::npos);
        QVERIFY(
            torchError(stateDict(text("weight") + tensor("9", 0, {1}, {1})) + ".").find("data/9") !=
            std::string::npos);
        // A stride of zero repeats one value; without a limit this would be eight terabytes.
        QVERIFY(
            torchError(stateDict(text("weight") + tensor("0", 0, {1000000, 2000000}, {0, 0})) + ".")
                .find("too often") != std::string::npos);
    }

    void theOlderStreamIsRead() {
        const std::filesystem::path path =
            std::string(STRATA_SOURCE_DIR) + "/../shared/data/weights/alex.pth";
        if (!std::filesystem::exists(path))
            QSKIP("the LPIPS weights are not here");
        const auto read = readCheckpoint(path);
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QVERIFY(bool(require(*read, "lin1.model.1.weight", "file", {1, 192, 1, 1})));
    }

    void anOlderStreamMadeHereIsRead() {
        const std::string magic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
        const std::string stream = magic + "\x80\x02M\xe9\x03." + "\x80\x02}." +
                                   stateDict(text("w") + tensor("k", 2, {3}, {1})) + "." +
                                   "\x80\x02](" + text("k") + "e." +
                                   raw(std::vector<std::uint64_t>{12}) + raw(counting(12));
        auto read = parseTorch(file(stream));
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE((*read)["w"].toFloats(), (Floats{2, 3, 4}));
        for (std::size_t size = 0; size < stream.size(); ++size)
            QVERIFY(!parseTorch(file(stream.substr(0, size))));
    }

    void safetensorsAreWrittenAndReadBack() {
        ArrayMap arrays;
        arrays["w"] = Array::of({2, 3}, counting(6));
        arrays["flag"] = Array::ofBytes(DType::Bool, {1}, {std::byte(1)});
        arrays["half"] = Array::ofBytes(DType::F16, {2}, std::vector<std::byte>(4));
        arrays["quote\"d"] = Array::of({}, std::vector<double>{0.1});
        QVERIFY(bool(writeSafetensors(at("w.safetensors"), arrays, {{"format", "pt"}})));
        auto read = readCheckpoint(at("w.safetensors"));
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE(read->size(), arrays.size());
        QCOMPARE((*read)["w"].toFloats(), counting(6));
        QCOMPARE((*read)["quote\"d"].toDoubles(), std::vector<double>{0.1});
        QVERIFY((*read)["half"].type == DType::F16);
    }

    void hostileSafetensorsAreRefused_data() {
        QTest::addColumn<QString>("header");
        QTest::newRow("outside") << R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})";
        QTest::newRow("hole") << R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
        QTest::newRow("overlap")
            << R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
        QTest::newRow("wrong size") << R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})";
        QTest::newRow("backwards") << R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})";
        QTest::newRow("overflow")
            << R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]}})";
        QTest::newRow("too large a number")
            << R"({"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}})";
        QTest::newRow("unknown type") << R"({"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}})";
        QTest::newRow("twice")
            << R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
        QTest::newRow("not JSON") << R"({"a":)";
        QTest::newRow("rest") << R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x)";
    }
    void hostileSafetensorsAreRefused() {
        QFETCH(QString, header);
        const std::string json = header.toStdString();
        QVERIFY(!parseSafetensors(
            file(raw(std::vector<std::uint64_t>{json.size()}) + json + "12345678")));
    }

    void otherFilesAreNamed() {
        QVERIFY(bool(writeFileAtomically(at("a.txt"), "hello, this is text")));
        QVERIFY(readCheckpoint(at("a.txt")).error().message.find("a.txt") != std::string::npos);
        QVERIFY(bool(
            writeFileAtomically(at("lfs.bin"), "version https://git-lfs.github.com/spec/v1\n")));
        QVERIFY(readCheckpoint(at("lfs.bin")).error().message.find("git lfs pull") !=
                std::string::npos);
        QVERIFY(!readCheckpoint(at("missing.pth")));
    }
};

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "test_checkpoint.moc"
