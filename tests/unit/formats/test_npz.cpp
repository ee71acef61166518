// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/npy.h"
#include "engine/formats/npz.h"
#include "engine/formats/zip_archive.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>

using namespace strata;
using Values = std::vector<double>;

namespace {

std::string npy(const std::string& descr, const std::string& shape, const std::string& data,
                bool fortran = false) {
    const std::string header = "{'descr': '" + descr +
                               "', 'fortran_order': " + (fortran ? "True" : "False") +
                               ", 'shape': " + shape + ", }\n";
    std::string file("\x93NUMPY\x01\x00", 8);
    file += char(header.size());
    file += '\0';
    return file + header + data;
}

FileBytes bytesOfText(const std::string& text) {
    const auto span = std::as_bytes(std::span(text));
    return FileBytes::own({span.begin(), span.end()}, "test.npy");
}

Result<Array> parse(const std::string& text) { return parseNpy(bytesOfText(text)); }

template <typename T>
std::string raw(std::initializer_list<T> values) {
    return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

std::string messageOf(const std::string& text) {
    const auto result = parse(text);
    return result ? "no error" : result.error().message;
}

} // namespace

class TestNpz : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::filesystem::path at(const char* name) { return m_folder.filePath(name).toStdString(); }

private Q_SLOTS:
    void whatIsWrittenIsReadBack() {
        const std::vector<float> floats{1.5f, -2, 3, 4, 5, 6};
        const std::vector<std::int64_t> ints{-1, 1LL << 40};
        ArrayMap arrays;
        arrays["poses"] = Array::of({2, 3}, floats);
        arrays["ids"] = Array::of({2}, ints);
        arrays["gender"] = Array::ofText("n\xc3\xa9utre");
        arrays["empty"] = Array::of({0, 3}, std::span<const float>());
        QVERIFY(bool(writeNpz(at("a.npz"), arrays)));

        auto back = readNpz(at("a.npz"));
        QVERIFY(bool(back));
        QCOMPARE(back->size(), std::size_t(4));
        QCOMPARE((*back)["poses"].toFloats(), floats);
        QCOMPARE((*back)["poses"].shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE((*back)["ids"].toInts(), ints);
        QCOMPARE((*back)["gender"].texts.at(0), std::string("n\xc3\xa9utre"));
        QCOMPARE((*back)["empty"].count(), std::int64_t(0));
    }

    void manyValuesAreDeflated() {
        const std::vector<float> zeros(100000, 0.0f);
        QVERIFY(bool(writeNpz(at("zeros.npz"), {{"z", Array::of({100000}, zeros)}})));
        QVERIFY(std::filesystem::file_size(at("zeros.npz")) < 10000);
        auto back = readNpz(at("zeros.npz"));
        QVERIFY(bool(back));
        QCOMPARE((*back)["z"].toFloats(), zeros);
    }

    void writingTwiceGivesTheSameBytes() {
        const ArrayMap arrays{{"t", Array::ofText("x")}};
        QVERIFY(bool(writeNpz(at("1.npz"), arrays)));
        QVERIFY(bool(writeNpz(at("2.npz"), arrays)));
        const auto one = mapFile(at("1.npz")), two = mapFile(at("2.npz"));
        QVERIFY(std::ranges::equal(one->bytes, two->bytes));
    }

    void fortranOrderBecomesCOrder() {
        const auto array = parse(npy("<i2", "(2, 3)", raw<std::int16_t>({1, 4, 2, 5, 3, 6}), true));
        QVERIFY(bool(array));
        QCOMPARE(array->toDoubles(), (Values{1, 2, 3, 4, 5, 6}));
        const auto cube = parse(npy("|u1", "(2,1,3)", std::string("\1\4\2\5\3\6"), true));
        QCOMPARE(cube->toDoubles(), (Values{1, 2, 3, 4, 5, 6}));
    }

    void bigEndianValuesAreSwapped() {
        QCOMPARE(parse(npy(">i4", "(2,)", std::string("\0\0\0\1\0\0\1\0", 8)))->toDoubles(),
                 (Values{1, 256}));
        QCOMPARE(parse(npy(">U2", "()", std::string("\0\0\0a\0\0\0b", 8)))->texts.at(0),
                 std::string("ab"));
    }

    void everyNumberTypeIsRead() {
        QCOMPARE(parse(npy("|b1", "(2,)", std::string("\0\5", 2)))->toDoubles(), (Values{0, 1}));
        QCOMPARE(parse(npy("|i1", "(1,)", "\xff"))->toDoubles(), (Values{-1}));
        QCOMPARE(parse(npy("<u2", "(1,)", "\xff\xff"))->toDoubles(), (Values{65535}));
        QCOMPARE(parse(npy("<f2", "(4,)", raw<std::uint16_t>({0x3c00, 0xc000, 0x0001, 0x7bff})))
                     ->toDoubles(),
                 (Values{1, -2, std::ldexp(1.0, -24), 65504}));
        QCOMPARE(parse(npy("<f8", "()", raw<double>({0.1})))->toDoubles(), (Values{0.1}));
        QCOMPARE(parse(npy("|S3", "(2,)", std::string("ab\0cde", 6)))->texts,
                 (std::vector<std::string>{"ab", "cde"}));
    }

    void integersFromWhatNoIntegerHoldsAreZero() {
        const auto array = parse(npy("<f8", "(3,)", raw<double>({1e300, NAN, -7.9})));
        QCOMPARE(array->toInts(), (std::vector<std::int64_t>{0, 0, -7}));
    }

    void hostileHeadersAreRefused_data() {
        QTest::addColumn<QByteArray>("file");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QByteArray(text.data(), qsizetype(text.size()));
        };
        row("empty", "");
        row("text", "hello");
        row("cut short", npy("<f4", "(4,)", "123"));
        row("negative", npy("<f4", "(-4,)", "1234"));
        row("overflow", npy("<f4", "(4611686018427387904, 4)", "1234"));
        row("overflow beside zero", npy("<f4", "(0, 4611686018427387904, 8)", ""));
        row("huge text", npy("<U4294967295", "(1,)", "1234"));
        row("complex", npy("<c8", "(1,)", "12345678"));
        row("no shape", "\x93NUMPY\x01" + std::string("\0\x15\0{'descr': '<f4'}      ", 24));
        row("endless", std::string("\x93NUMPY\x02\0\xff\xff\xff\xff{", 13));
    }
    void hostileHeadersAreRefused() {
        QFETCH(QByteArray, file);
        const std::string message = messageOf(file.toStdString());
        QVERIFY2(message.find("test.npy") != std::string::npos, message.c_str());
    }

    void aCutArchiveIsRefused() {
        const std::vector<float> values(1000, 0.5f);
        QVERIFY(bool(writeNpz(at("whole.npz"), {{"v", Array::of({1000}, values)}})));
        const auto whole = mapFile(at("whole.npz"));
        for (std::size_t size = 0; size < whole->size(); size += 7) {
            const auto cut = whole->part(0, size);
            QVERIFY(!parseNpz(cut));
        }
    }

    // Found by a fuzzer: reading such an extra field never ended.
    void anExtraFieldLongerThanItsPlaceIsPassedOver() {
        QVERIFY(bool(writeNpz(at("extra.npz"), {{"v", Array::ofText("x")}})));
        const auto file = mapFile(at("extra.npz"));
        std::string bytes(reinterpret_cast<const char*>(file->bytes.data()), file->size());
        const auto central = bytes.rfind("PK\x01\x02");
        const std::string extra("\x02\x00\xff\xff", 4); // says 65535 bytes follow, none do
        bytes.insert(central + 46 + 5, extra);
        bytes[central + 30] = 4;
        const auto end = bytes.rfind("PK\x05\x06");
        bytes[end + 12] = char(bytes[end + 12] + 4);
        const auto span = std::as_bytes(std::span(bytes));
        QVERIFY(bool(parseNpz(FileBytes::own({span.begin(), span.end()}, "extra.npz"))));
    }

    void membersThatShareTheirDataAreRefused() {
        const std::vector<std::uint8_t> values{1, 2, 3, 4};
        const Array array = Array::of({4}, values);
        QVERIFY(bool(writeNpz(at("two.npz"), {{"a", array}, {"b", array}})));
        const auto file = mapFile(at("two.npz"));
        std::vector<std::byte> bytes(file->bytes.begin(), file->bytes.end());
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        const auto second = text.rfind("PK\x01\x02");
        std::fill_n(bytes.begin() + std::ptrdiff_t(second) + 42, 4, std::byte(0)); // its place
        const auto read = parseNpz(FileBytes::own(bytes, "two.npz"));
        QVERIFY(!read);
        QVERIFY(read.error().message.find("over one another") != std::string::npos);
    }

    void aWrongChecksumIsNoticed() {
        const std::vector<std::uint8_t> values{1, 2, 3, 4};
        QVERIFY(bool(writeNpz(at("sum.npz"), {{"v", Array::of({4}, values)}})));
        const auto file = mapFile(at("sum.npz"));
        std::vector<std::byte> bytes(file->bytes.begin(), file->bytes.end());
        const auto archive = ZipArchive::open(*file);
        const ZipEntry& entry = archive->entries().at(0);
        bytes[entry.offset + entry.packed - 1] ^= std::byte(1);
        const auto result = parseNpz(FileBytes::own(bytes, "sum.npz"));
        QVERIFY(!result);
    }

    void aMissingArrayAndAWrongShapeAreNamed() {
        const std::vector<float> values(6);
        const ArrayMap arrays{{"betas", Array::of({2, 3}, values)}};
        QVERIFY(bool(require(arrays, "betas", "f.npz", {-1, 3})));
        QCOMPARE(require(arrays, "poses", "f.npz").error().message,
                 std::string("f.npz has no array 'poses'."));
        QCOMPARE(require(arrays, "betas", "f.npz", {2, 4}).error().message,
                 std::string("The array 'betas' in f.npz has the shape (2, 3) instead of (2, 4)."));
    }

    void aMissingFileIsNamed() {
        QVERIFY(readNpz("/nowhere/x.npz").error().message.find("/nowhere/x.npz") !=
                std::string::npos);
    }

    void filesWrittenByNumPyAreRead() {
        const std::filesystem::path file =
            std::string(STRATA_SOURCE_DIR) + "/../shared/data/motion/smpl_samples/amass_sample.npz";
        if (!std::filesystem::exists(file))
            QSKIP("the AMASS sample is not here");
        auto arrays = readNpz(file);
        QVERIFY2(bool(arrays), arrays ? "" : arrays.error().message.c_str());
        QVERIFY(bool(require(*arrays, "poses", "file", {-1, 156})));
        QVERIFY(bool(require(*arrays, "trans", "file", {-1, 3})));
        for (const double value : (*arrays)["poses"].toDoubles())
            QVERIFY(std::abs(value) < 7);
    }
};

QTEST_GUILESS_MAIN(TestNpz)
#include "test_npz.moc"
