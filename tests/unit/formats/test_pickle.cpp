// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/pickle.h"
#include "tests/unit/formats/pickle_text.h"

#include <QTest>

#include <random>

using namespace strata;
using namespace pickles;
using Values = std::vector<double>;
using Shape = std::vector<std::int64_t>;

namespace {

Result<ArrayMap> arrays(const std::string& text) {
    const auto pickle = parsePickle(file(text));
    if (!pickle)
        return pickle.error();
    return flattenPickle(*pickle, "/", "test.pkl");
}

std::string dict(const std::vector<std::pair<std::string, std::string>>& content) {
    std::string out = "\x80\x02}(";
    for (const auto& [key, value] : content)
        out.append("U").append(1, char(key.size())).append(key).append(value);
    return out + "u.";
}

} // namespace

class TestPickle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void plainValuesOfEveryProtocolAreRead() {
        // Protocol 0: everything is lines of text.
        auto old = arrays(
            "(dp0\nS'a'\np1\nI7\nsS'b'\nF2.5\nsS'c'\nV\\u00e9\nsS'd'\nI01\nsS'e'\nL-12L\ns.");
        QVERIFY2(bool(old), old ? "" : old.error().message.c_str());
        QCOMPARE((*old)["a"].toInts().at(0), std::int64_t(7));
        QCOMPARE((*old)["b"].toDoubles().at(0), 2.5);
        QCOMPARE((*old)["c"].texts.at(0), std::string("\xc3\xa9"));
        QVERIFY((*old)["d"].type == DType::Bool);
        QCOMPARE((*old)["e"].toInts().at(0), std::int64_t(-12));
        // Protocol 4: framed, memoized, short strings, LONG1.
        auto recent = arrays(literal("\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94(\x8c\x01"
                                     "a\x94\x8a\x01\xfe\x8c\x01"
                                     "bG?\xe0\0\0\0\0\0\0u."));
        QVERIFY2(bool(recent), recent ? "" : recent.error().message.c_str());
        QCOMPARE((*recent)["a"].toInts().at(0), std::int64_t(-2));
        QCOMPARE((*recent)["b"].toDoubles().at(0), 0.5);
    }

    void listsOfNumbersBecomeArrays() {
        auto read = arrays(
            dict({{"l", "](" + tuple({1, 2}) + tuple({3, 4}) + "e"}, {"m", "](K\x01U\x01xe"}}));
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE((*read)["l"].shape, (Shape{2, 2}));
        QCOMPARE((*read)["l"].toDoubles(), (Values{1, 2, 3, 4}));
        QCOMPARE((*read)["m/0"].toDoubles(), (Values{1}));
        QCOMPARE((*read)["m/1"].texts.at(0), std::string("x"));
    }

    void numpyArraysAreRead() {
        auto read =
            arrays(dict({{"v", array("f8", {2, 2}, raw(Values{1, 2, 3, 4}))},
                         {"f", array("f8", {2, 2}, raw(Values{1, 2, 3, 4}), true)},
                         {"i", array("u4", {3}, raw(std::vector<std::uint32_t>{5, 6, 7}))}}));
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE((*read)["v"].toDoubles(), (Values{1, 2, 3, 4}));
        QCOMPARE((*read)["f"].toDoubles(), (Values{1, 3, 2, 4}));
        QCOMPARE((*read)["i"].toDoubles(), (Values{5, 6, 7}));
    }

    void chumpyObjectsGiveTheirArray() {
        const std::string data = array("f8", {2}, raw(Values{8, 9}));
        const std::string chumpy =
            "ccopy_reg\n_reconstructor\n(cchumpy.ch\nCh\nc__builtin__\nobject\nNtR}(U\x01x" + data +
            "U\x05"
            "otherNub";
        auto read = arrays(dict({{"shapedirs", chumpy}}));
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE((*read)["shapedirs"].toDoubles(), (Values{8, 9}));
    }

    void chumpySelectionsAreResolved() {
        const std::string data = array("f8", {4}, raw(Values{5, 6, 7, 8}));
        const std::string inner = "cchumpy.ch\nCh\n)\x81}U\x01x" + data + "sb";
        const std::string select = "cchumpy.reordering\nSelect\n)\x81}(U\x01"
                                   "a" +
                                   inner + "U\x04idxs" +
                                   array("i8", {2}, raw(std::vector<std::int64_t>{3, 1})) +
                                   "U\x0fpreferred_shape" + tuple({2, 1}) + "ub";
        auto read = arrays(dict({{"s", select}}));
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE((*read)["s"].toDoubles(), (Values{8, 6}));
        QCOMPARE((*read)["s"].shape, (Shape{2, 1}));
    }

    void sparseMatricesBecomeDense() {
        const auto matrix = [](const std::string& kind, std::int32_t lastIndex) {
            return "ccopy_reg\n_reconstructor\n(cscipy.sparse." + kind + "\n" + kind +
                   "_matrix\nc__builtin__\nobject\nNtR}(U\x06_shape" + tuple({2, 3}) +
                   "U\x04"
                   "data" +
                   array("f8", {3}, raw(Values{1, 2, 3})) + "U\x07indices" +
                   array("i4", {3}, raw(std::vector<std::int32_t>{0, 1, lastIndex})) +
                   "U\x06indptr" +
                   array("i4", {kind == "csc" ? 4 : 3},
                         kind == "csc" ? raw(std::vector<std::int32_t>{0, 1, 2, 3})
                                       : raw(std::vector<std::int32_t>{0, 2, 3})) +
                   "ub";
        };
        auto read = arrays(dict({{"c", matrix("csc", 0)}, {"r", matrix("csr", 2)}}));
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE((*read)["c"].shape, (Shape{2, 3}));
        QCOMPARE((*read)["c"].toDoubles(), (Values{1, 0, 3, 0, 2, 0}));
        QCOMPARE((*read)["r"].toDoubles(), (Values{1, 2, 0, 0, 0, 3}));
        QVERIFY(!arrays(dict({{"c", matrix("csc", 2)}})));
        QVERIFY(!arrays(dict({{"r", matrix("csr", -1)}})));
    }

    void unknownClassesAreKeptAsNamesAndRunNothing() {
        const std::string text = dict({{"x", "cos\nsystem\n(U\x09touch /tmtR"}, {"n", "K\x05"}});
        const auto pickle = parsePickle(file(text));
        QVERIFY(bool(pickle));
        const PickleNode* call = pickle->find(pickle->root(), "x");
        QVERIFY(call && call->kind == PickleKind::Object);
        QCOMPARE(std::string(call->raw()), std::string("os.system"));
        auto read = arrays(text);
        QCOMPARE(read->size(), std::size_t(1));
        QCOMPARE((*read)["n"].toInts().at(0), std::int64_t(5));
    }

    void circlesAndMemoBombsEnd() {
        QVERIFY(!arrays(literal("\x80\x02]q\0h\0a."))); // a list in itself
        std::string bomb = literal("\x80\x02]q\0");     // each list holds the one before ten times
        for (int level = 1; level < 30; ++level) {
            bomb += "](";
            for (int i = 0; i < 10; ++i)
                bomb += std::string("h") + char(level - 1);
            bomb += std::string("eq") + char(level);
        }
        QVERIFY(!arrays(bomb + "."));
    }

    void hostilePicklesAreRefused_data() {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QByteArray(text.data(), qsizetype(text.size()));
        };
        row("empty", "");
        row("nothing", ".");
        row("pop from nothing", "0.");
        row("no mark", "t.");
        row("no memo", std::string("h\x07."));
        row("unknown opcode", "\xff.");
        row("newer", "\x80\x09N.");
        row("long text", "X\xff\xff\xff\xff"
                         "a.");
        row("append to a number", "K\x01K\x02"
                                  "a.");
        row("short array", dict({{"v", array("f8", {1000000, 1000000}, "12345678")}}));
        row("negative array", dict({{"v", array("f8", {-1}, "12345678")}}));
        row("too many dimensions",
            dict({{"v", array("f8", std::vector<std::int32_t>(3, 2147483647), "12345678")}}));
    }
    void hostilePicklesAreRefused() {
        QFETCH(QByteArray, text);
        QVERIFY(!arrays(text.toStdString()));
    }

    void randomDamageIsSurvived() {
        const std::string whole = dict({{"v", array("f8", {2, 2}, raw(Values{1, 2, 3, 4}))},
                                        {"l", "](K\x01K\x02"
                                              "e"}});
        std::mt19937 random(2);
        for (int i = 0; i < 20000; ++i) {
            std::string bad = whole;
            for (int change = 0; change < 3; ++change)
                bad[random() % bad.size()] = char(random());
            (void)arrays(bad);
        }
    }

    void aPublishedMotionFileIsRead() {
        const std::filesystem::path path =
            std::string(STRATA_SOURCE_DIR) +
            "/../shared/data/motion/smpl_samples/glamr_running_seed1.pkl";
        if (!std::filesystem::exists(path))
            QSKIP("the motion sample is not here");
        const auto read = readPickleArrays(path);
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QVERIFY(bool(require(*read, "person_data/0/smpl_pose", "file", {203, 69})));
    }
};

QTEST_GUILESS_MAIN(TestPickle)
#include "test_pickle.moc"
