// SPDX-License-Identifier: Apache-2.0
// What a user sees when the input or the output cannot be: one sentence, the right exit code,
// nothing left behind.
#include "tests/integration/program.h"

#include <QTest>

#include <unistd.h>

class TestBadInput : public QObject {
    Q_OBJECT

    /// The last line of standard error, which must be the only sentence (progress lines start with
    /// a bracket).
    static QString sentence(const Program::Outcome& outcome) {
        QStringList lines = outcome.err.split('\n', Qt::SkipEmptyParts);
        lines.erase(std::remove_if(lines.begin(), lines.end(),
                                   [](const QString& l) { return l.startsWith('['); }),
                    lines.end());
        return lines.size() == 1 ? lines.first() : "NOT ONE SENTENCE: " + lines.join(" | ");
    }

private Q_SLOTS:
    void badClips_data() {
        QTest::addColumn<QStringList>("make"); // arguments of ffmpeg, or {"text", content}
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("missing") << QStringList{} << "missing.mp4" << 1;
        QTest::newRow("empty") << QStringList{"text", ""} << "empty.mp4" << 1;
        QTest::newRow("text as video")
            << QStringList{"text", "this is not a film\n"} << "text.mp4" << 1;
        QTest::newRow("audio only")
            << QStringList{"-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"} << "sound.mp4" << 1;
        QTest::newRow("nobody there")
            << QStringList{"-f", "lavfi", "-i", "testsrc2=s=320x180:d=0.5:r=10"} << "nobody.mp4"
            << 3;
    }
    void badClips() {
        QFETCH(QStringList, make);
        QFETCH(QString, name);
        QFETCH(int, exitCode);
        Program program;
        if (exitCode == 3 && !program.hasModels())
            QSKIP("the lite models are not installed");
        if (!make.isEmpty() && make.first() == "text") {
            QFile file(program.path(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(make.last().toUtf8());
        } else if (!make.isEmpty()) {
            QVERIFY(program.ffmpeg(make + QStringList{name}));
        }
        const QStringList before = program.leftovers();
        const auto outcome =
            program.strata({"edit", "--video", name, "--scene", "nowhere.jpg", "--out", "o.mp4"});
        QVERIFY2(outcome.exitCode == exitCode, qPrintable(outcome.err));
        QVERIFY2(sentence(outcome).startsWith("strata: "), qPrintable(sentence(outcome)));
        if (exitCode == 1)
            QVERIFY2(sentence(outcome).contains(name), qPrintable(sentence(outcome)));
        QCOMPARE(program.leftovers(), before);
    }

    void badRequests_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("nothing to change")
            << QStringList{"--video", "a.mp4", "--out", "o.mp4"} << 2 << "--identity";
        QTest::newRow("no clip") << QStringList{"--scene", "s.jpg", "--out", "o.mp4"} << 2
                                 << "--video";
        QTest::newRow("no such folder")
            << QStringList{"--video", "a.mp4", "--scene", "s.jpg", "--out", "nowhere/o.mp4"} << 1
            << "nowhere";
        QTest::newRow("frames") << QStringList{"--video",  "a.mp4", "--scene", "s.jpg",
                                               "--frames", "9-3",   "--out",   "o.mp4"}
                                << 2 << "9-3";
        QTest::newRow("frames past the end") << QStringList{"--video",  "a.mp4", "--scene", "s.jpg",
                                                            "--frames", "900-",  "--out",   "o.mp4"}
                                             << 2 << "a.mp4";
    }
    void badRequests() {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QString, mentions);
        Program program;
        QVERIFY(program.ffmpeg({"-f", "lavfi", "-i", "testsrc2=s=160x90:d=0.4:r=10", "a.mp4"}));
        const auto outcome = program.strata(QStringList{"edit"} + arguments);
        QVERIFY2(outcome.exitCode == exitCode, qPrintable(outcome.err));
        QVERIFY2(sentence(outcome).contains(mentions), qPrintable(sentence(outcome)));
        QCOMPARE(program.leftovers(), QStringList{"a.mp4"});
    }

    void anUnwritableFolderIsNamed() {
        Program program;
        QVERIFY(program.ffmpeg({"-f", "lavfi", "-i", "testsrc2=s=160x90:d=0.4:r=10", "a.mp4"}));
        QDir().mkdir(program.path("locked"));
        QFile::setPermissions(program.path("locked"), QFile::ReadOwner | QFile::ExeOwner);
        // To root only what the kernel itself keeps is closed.
        const QString folder = ::geteuid() == 0 ? "/proc/self" : "locked";
        const auto outcome = program.strata(
            {"edit", "--video", "a.mp4", "--scene", "a.mp4", "--out", folder + "/o.mp4"});
        QCOMPARE(outcome.exitCode, 1);
        QVERIFY2(sentence(outcome).contains(folder), qPrintable(sentence(outcome)));
        QVERIFY(program.exists("a.mp4"));
    }

    void aMissingModelIsNamedWithItsCommand() {
        Program program;
        QVERIFY(program.ffmpeg({"-f", "lavfi", "-i", "testsrc2=s=160x90:d=0.4:r=10", "a.mp4"}));
        program.environment.insert("STRATA_MODELS", program.path("models"));
        const auto outcome =
            program.strata({"edit", "--video", "a.mp4", "--scene", "a.mp4", "--out", "o.mp4"});
        QCOMPARE(outcome.exitCode, 1);
        QVERIFY2(sentence(outcome).contains("strata models fetch"), qPrintable(sentence(outcome)));
    }

    void aDamagedModelIsNamed() {
        Program program;
        if (!program.hasModels())
            QSKIP("the lite models are not installed");
        QVERIFY(program.ffmpeg({"-f", "lavfi", "-i", "testsrc2=s=160x90:d=0.4:r=10", "a.mp4"}));
        QDir().mkpath(program.path("models/blazepose"));
        QFile file(program.path("models/blazepose/pose_detection.tflite"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not a network");
        file.close();
        program.environment.insert("STRATA_MODELS", program.path("models"));
        const auto outcome =
            program.strata({"edit", "--video", "a.mp4", "--scene", "a.mp4", "--out", "o.mp4"});
        QCOMPARE(outcome.exitCode, 1);
        QVERIFY2(sentence(outcome).contains("pose_detection.tflite") ||
                     sentence(outcome).contains("blazepose"),
                 qPrintable(sentence(outcome)));
        QVERIFY(!program.exists("o.mp4"));
    }

    void helpIsThere() {
        Program program;
        for (const QStringList& arguments :
             {QStringList{"--help"}, QStringList{"edit", "--help"},
              QStringList{"decompose", "--help"}, QStringList{"models", "--help"},
              QStringList{"eval", "--help"}}) {
            const auto outcome = program.strata(arguments, 60000);
            QCOMPARE(outcome.exitCode, 0);
            QVERIFY(outcome.out.size() > 100);
        }
    }
};

QTEST_GUILESS_MAIN(TestBadInput)
#include "test_bad_input.moc"
