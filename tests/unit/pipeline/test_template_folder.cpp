// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"
#include "engine/pipeline/template_folder.h"

#include <QTemporaryDir>
#include <QTest>

using namespace strata;
namespace fs = std::filesystem;

class TestTemplateFolder : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    fs::path folder() const { return m_dir.path().toStdString(); }

private Q_SLOTS:
    void theConfigurationSurvives() {
        TemplateConfig config;
        config.fps = 24;
        config.startIndex = 3;
        config.endIndex = 309;
        config.portraitFrame = 17;
        QVERIFY(writeTemplateConfig(folder(), config));
        const auto read = readTemplateConfig(folder());
        QVERIFY(read);
        QCOMPARE(read->fps, 24);
        QCOMPARE(read->startIndex, std::int64_t(3));
        QCOMPARE(read->endIndex, std::int64_t(309));
        QCOMPARE(read->portraitFrame, std::int64_t(17));
    }

    void missingFieldsHaveDefaults() {
        QVERIFY(writeFileAtomically(folder() / "config.json", "{}"));
        const auto read = readTemplateConfig(folder());
        QVERIFY(read);
        QCOMPARE(read->fps, 30);
        QCOMPARE(read->endIndex, std::int64_t(0));
    }

    void nonsenseIsRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("text") << QByteArray("hello");
        QTest::newRow("list") << QByteArray("[1, 2]");
        QTest::newRow("rate as text") << QByteArray(R"({"fps": "fast"})");
        QTest::newRow("no rate") << QByteArray(R"({"fps": 0})");
        QTest::newRow("negative") << QByteArray(R"({"time_crop": {"start_idx": -1}})");
        QTest::newRow("huge") << QByteArray(R"({"time_crop": {"end_idx": 1e300}})");
        QTest::newRow("crop as list") << QByteArray(R"({"fps": 30, "time_crop": [1]})");
    }
    void nonsenseIsRefused() {
        QFETCH(QByteArray, text);
        QVERIFY(writeFileAtomically(folder() / "config.json", text.toStdString()));
        const auto read = readTemplateConfig(folder());
        if (QString(QTest::currentDataTag()) == "crop as list") { // a wrong type counts as missing
            QVERIFY(read);
            return;
        }
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::BadFormat);
    }

    // time_crop counts at 30 a second and its end is excluded (mimo-spec 1.2).
    void timeCropIsInThirtieths() {
        TemplateConfig config;
        config.fps = 15;
        config.startIndex = 30;
        config.endIndex = 90;
        const auto frames = templateFrames(config, 300, Rational(30));
        QCOMPARE(frames.size(), std::size_t(30));
        QCOMPARE(frames.front(), std::int64_t(30));
        QCOMPARE(frames.back(), std::int64_t(88));
    }

    void aTemplateOfItsOwnRateShowsEveryFrame() {
        for (const int fps : {10, 12, 24, 25, 30, 60}) {
            TemplateConfig config;
            config.fps = fps;
            config.endIndex = (30 * 247 + fps - 1) / fps;
            QCOMPARE(templateFrames(config, 247, Rational(fps)).size(), std::size_t(247));
        }
    }

    void boxesAreAnObjectArrayOfDicts() {
        const fs::path file = folder() / "bbox.npy";
        QVERIFY(writeTemplateBoxes(file, {{1, 2, 300.5, 400}, {}}));
        const auto bytes = readFile(file);
        QVERIFY(bytes);
        QCOMPARE(bytes->substr(0, 6), std::string("\x93NUMPY"));
        const auto headerEnd = bytes->find('\n');
        QCOMPARE((headerEnd + 1) % 64, std::size_t(0));
        QVERIFY(bytes->substr(0, headerEnd).find("'descr': '|O'") != std::string::npos);
        QVERIFY(bytes->substr(0, headerEnd).find("(2,)") != std::string::npos);
        QVERIFY(bytes->find("score") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTemplateFolder)
#include "test_template_folder.moc"
