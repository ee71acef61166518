// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/project_file.h"

#include "engine/core/atomic_file.h"
#include "engine/project/edit/marker_edits.h"
#include "engine/project/edit/media_edits.h"
#include "engine/project/edit/source_edits.h"
#include "engine/project/edit/stroke_edits.h"
#include "tests/support/project_samples.h"

#include <QTemporaryDir>
#include <QTest>

using namespace strata;
namespace fs = std::filesystem;

class TestProjectFile : public QObject {
    Q_OBJECT
    static Project rich() {
        Project p = must(addMarker(sampleProject(), {{}, 5, "\"雪\" \\ 100%", {1, 2, 255}}));
        p = must(setIdentitySource(p, PersonId{1}, MediaId{2}));
        p = must(setSceneSource(p, MediaId{2}));
        p.synth.seed = UINT64_MAX;
        p.synth.guidance = 0.1 + 0.2 + 1;
        return must(addStroke(p, sampleStroke(occluderLayer(p), 5)));
    }
    static std::string text() { return writeProject(rich(), "/work"); }
    static std::string replaced(const std::string& from, const std::string& to) {
        std::string out = text();
        const auto at = out.find(from);
        if (at == std::string::npos)
            qFatal("the text has no %s", from.c_str());
        return out.replace(at, from.size(), to);
    }
    static void touch(const fs::path& file) {
        fs::create_directories(file.parent_path());
        QVERIFY(writeFileAtomically(file, "x"));
    }

private Q_SLOTS:
    void whatIsWrittenIsRead() { QCOMPARE(must(readProject(text(), "/work", "p.strata")), rich()); }

    void anEmptyProjectIsWrittenAndRead() {
        QCOMPARE(must(readProject(writeProject({}, "/work"), "/work", "p.strata")), Project());
    }

    void filesAreSavedAndLoaded() {
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "p.strata";
        QVERIFY(saveProject(rich(), file));
        QCOMPARE(must(loadProject(file)), rich());
    }

    void listsHaveALineForEachItem() {
        QVERIFY(text().find("\n {\"color\":\"#0102ff\",\"frame\":5,") != std::string::npos);
    }

    void mediaMoveWithTheProject() {
        QTemporaryDir dir;
        const fs::path root = dir.path().toStdString();
        touch(root / "old/media/clip.mp4");
        const Project p =
            must(addMedia({}, sampleItem(MediaKind::Clip, (root / "old/media/clip.mp4").c_str())));
        QVERIFY(saveProject(p, root / "old/p.strata"));
        fs::rename(root / "old", root / "new");
        QCOMPARE(must(loadProject(root / "new/p.strata")).media[0].path,
                 root / "new/media/clip.mp4");
        // Only the project moves: the media are where they were.
        fs::rename(root / "new/p.strata", root / "p.strata");
        fs::rename(root / "new", root / "old");
        QCOMPARE(must(loadProject(root / "p.strata")).media[0].path, root / "old/media/clip.mp4");
        // Nothing is there: the place it was is kept, and it counts as missing.
        fs::remove_all(root / "old");
        const Project lost = must(loadProject(root / "p.strata"));
        QCOMPARE(lost, p);
        QCOMPARE(missingMedia(lost), std::vector{MediaId{1}});
    }

    void anyFileNameIsKept_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("per cent") << QByteArray("100%.mp4");
        QTest::newRow("looks escaped") << QByteArray("a%41.mp4");
        QTest::newRow("not UTF-8") << QByteArray("caf\xe9 %.mp4");
        QTest::newRow("line break") << QByteArray("a\n\"b\".mp4");
        QTest::newRow("Chinese") << QByteArray("雪.mp4");
    }
    void anyFileNameIsKept() {
        QFETCH(QByteArray, name);
        const Project p =
            must(addMedia({}, sampleItem(MediaKind::Clip, ("/media/" + name).constData())));
        QCOMPARE(must(readProject(writeProject(p, "/media"), "/media", "p")), p);
    }

    void aNewerFileIsRefusedAndStays() {
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "p.strata";
        const std::string newer = replaced("\"strata_project\": 1", "\"strata_project\": 2");
        QVERIFY(writeFileAtomically(file, newer));
        const auto result = loadProject(file);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::BadFormat);
        QCOMPARE(
            result.error().message,
            "The project file " + file.string() +
                " was saved by a newer Strata (format 2, this one reads up to 1); please update "
                "Strata to open it.");
        QCOMPARE(*readFile(file), newer);
    }

    void damageIsNamed_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* name, const char* from, const char* to, const char* named) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(named);
        };
        row("a missing field", "\"frame\":5,", "", "'markers[0].frame'");
        row("a text for a number", "\"frame\":5,", "\"frame\":\"5\",", "'markers[0].frame'");
        row("half a frame", "\"frame\":5,", "\"frame\":5.5,", "'markers[0].frame'");
        row("a frame beyond the clip", "\"frame\":5,", "\"frame\":100,", "the marker");
        row("a huge number", "\"next_id\": ", "\"next_id\": 99999999999999999999999", "'next_id'");
        row("a list for an object", "\"synth\": {", "\"synth\": [], \"x\": {", "'synth.kind'");
        row("no colour", "#0102ff", "#0102fg", "'markers[0].color'");
        row("an unknown kind", "\"kind\":\"scene\"", "\"kind\":\"sky\"", "'layers[0].kind'");
        row("a relative path", "\"absolute\":\"/media/clip.mp4\"", "\"absolute\":\"clip.mp4\"",
            "the medium 1");
        row("a path with a zero", "\"absolute\":\"/media", "\"absolute\":\"%00/media",
            "'media[0].absolute'");
        row("a rate without meaning", "[24000,1001]", "[24000,0]", "'media[0].rate'");
        row("a source that is not there", "\"scene\": 2", "\"scene\": 99", "the scene's source");
        row("a source that cannot serve", "\"scene\": 2", "\"scene\": 3", "the scene's source");
        row("no clip", "\"clip\": 1", "\"clip\": null", "in and out");
        row("a person without a layer", "\"person\":2,", "\"person\":3,", "the layer");
        row("a number used twice", "\"id\":2,\"kind\":\"picture\"", "\"id\":1,\"kind\":\"picture\"",
            "the medium 1");
        row("half a point", "[10.5,20.0,30.0,40.25]", "[10.5,20.0,30.0]", "'strokes[0].points'");
        row("a point far away", "[10.5,20.0,", "[1e300,20.0,", "'strokes[0].points'");
        row("an opacity too large", "\"opacity\":1.0", "\"opacity\":1.01", "'layers[0].opacity'");
    }
    void damageIsNamed() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, named);
        const auto result =
            readProject(replaced(from.toStdString(), to.toStdString()), "/work", "p.strata");
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::BadFormat);
        const auto message = QByteArray::fromStdString(result.error().message);
        QVERIFY2(message.contains(named), message.constData());
        QVERIFY(message.startsWith("The ") && message.endsWith("."));
    }

    void whatIsNoProjectIsRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("BPLIST");
        QTest::newRow("a list") << QByteArray("[1]");
        QTest::newRow("no version") << QByteArray("{}");
        QTest::newRow("version 0") << QByteArray("{\"strata_project\": 0}");
        QTest::newRow("a huge version") << QByteArray("{\"strata_project\": 18446744073709551615}");
        QTest::newRow("deep") << QByteArray("[").repeated(1'000'000);
        QTest::newRow("an infinite number") << QByteArray("{\"strata_project\": 1e999}");
        QTest::newRow("a broken text") << QByteArray("{\"strata_project\": \"\xff\"}");
    }
    void whatIsNoProjectIsRefused() {
        QFETCH(QByteArray, text);
        const auto result = readProject(text.toStdString(), "/work", "p.strata");
        QVERIFY(!result);
        QCOMPARE(result.error().message, std::string("The file p.strata is not a Strata project."));
    }

    /// Cut anywhere, the text is refused; with any byte changed it is refused or gives a project
    /// that keeps its promises (readProject() checks them), and nothing crashes.
    void damagedTextsAreRefused() {
        const std::string whole = text();
        for (std::size_t length = 0; length + 2 < whole.size(); length += 3)
            QVERIFY(!readProject(whole.substr(0, length), "/work", "p"));
        std::mt19937 numbers(3);
        for (int i = 0; i < 3000; ++i) {
            std::string broken = whole;
            broken[numbers() % broken.size()] = char(numbers());
            const auto result = readProject(broken, "/work", "p");
            QVERIFY(result || !result.error().message.empty());
        }
    }

    void aFolderThatIsNotThereIsAnError() {
        const auto status = saveProject(rich(), "/nonexistent/p.strata");
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::Io);
        QCOMPARE(loadProject("/nonexistent/p.strata").error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestProjectFile)
#include "test_project_file.moc"
