// SPDX-License-Identifier: Apache-2.0
// Clips that are not the usual ones go through the main job and come out with their own size,
// length and timing.
#include "engine/media/video_reader.h"
#include "tests/integration/program.h"

#include <QTest>

using namespace strata;

class TestUnusualClips : public QObject {
    Q_OBJECT

    std::unique_ptr<Program> m_program;

    std::unique_ptr<VideoReader> reader(const QString& name) const {
        auto opened = VideoReader::open(m_program->path(name).toStdString());
        return opened ? std::move(*opened) : nullptr;
    }

    /// Writes the display matrix of a phone held upright into the track header: shown turned
    /// clockwise by 90 degrees.
    static void turnByQuarter(const QString& path) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        const auto header = bytes.indexOf("tkhd");
        QVERIFY(header > 0);
        // The matrix a b u c d v x y w as 16.16 numbers, 44 bytes after the name.
        const qint32 matrix[6] = {0, 1, 0, -1, 0, 0};
        for (int i = 0; i < 6; ++i)
            for (int k = 0; k < 4; ++k)
                bytes[header + 44 + 4 * i + k] = char(quint32(matrix[i] * 65536) >> (24 - 8 * k));
        file.seek(0);
        file.write(bytes);
    }

    /// Edits the clip with the first bundled picture as `change` says: --identity or --scene.
    Program::Outcome edited(const QString& clip, const QString& change, const QString& out) const {
        return m_program->strata({"-q", "edit", "--video", clip, change,
                                  Program::sample("identity_1.jpg"), "--out", out});
    }

private Q_SLOTS:
    void initTestCase() {
        m_program = std::make_unique<Program>();
        if (!m_program->hasModels())
            QSKIP("the lite models are not installed");
    }

    void comeOutAsTheyWentIn_data() {
        QTest::addColumn<QStringList>("make");
        const QStringList walk = {"-i", Program::sample("walk.mp4")};
        QTest::newRow("one frame") << walk + QStringList{"-frames:v", "1"};
        QTest::newRow("odd size") << walk + QStringList{"-frames:v",     "3",        "-vf",
                                                        "scale=853:481", "-pix_fmt", "yuv444p"};
        QTest::newRow("rotated") << walk + QStringList{"-frames:v", "3", "-vf", "transpose=2"};
        QTest::newRow("variable rate")
            << walk + QStringList{"-frames:v",
                                  "4",
                                  "-vf",
                                  "settb=1/2400,setpts=(N+0.4*mod(N\\,2))/24/TB",
                                  "-vsync",
                                  "passthrough",
                                  "-enc_time_base",
                                  "1:2400",
                                  "-video_track_timescale",
                                  "2400"};
        QTest::newRow("ten bits") << walk +
                                         QStringList{"-frames:v", "3", "-pix_fmt", "yuv420p10le"};
        QTest::newRow("long key interval")
            << walk + QStringList{"-frames:v", "5", "-g", "250", "-bf", "3"};
    }
    void comeOutAsTheyWentIn() {
        QFETCH(QStringList, make);
        QVERIFY(m_program->ffmpeg(make + QStringList{"clip.mp4"}));
        if (QByteArray(QTest::currentDataTag()) == "rotated")
            turnByQuarter(m_program->path("clip.mp4"));
        QFile::remove(m_program->path("o.mp4"));
        const auto outcome = edited("clip.mp4", "--identity", "o.mp4");
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const auto source = reader("clip.mp4"), result = reader("o.mp4");
        QVERIFY(source && result);
        QCOMPARE(source->info().rotation != 0, QByteArray(QTest::currentDataTag()) == "rotated");
        QCOMPARE(source->info().isVariable, QByteArray(QTest::currentDataTag()) == "variable rate");
        QVERIFY(result->frameSize() == source->frameSize());
        QCOMPARE(result->frameCount(), source->frameCount());
        QCOMPARE(result->info().bitDepth, source->info().bitDepth);
        QCOMPARE(result->info().isVariable, source->info().isVariable);
        for (std::int64_t i = 0; i < source->frameCount(); ++i)
            QVERIFY(std::abs(result->frameTime(i).value() - source->frameTime(i).value()) < 1e-3);
    }

    void aPersonWhoLeavesIsNotDrawnAfterwards() {
        QVERIFY(m_program->ffmpeg(
            {"-i", Program::sample("walk.mp4"), "-i", Program::sample("walk_plate.mp4"),
             "-filter_complex",
             "[0:v]trim=end_frame=5,setpts=PTS-STARTPTS[a];[1:v]trim=start_frame=5:end_frame="
             "25,setpts=PTS-STARTPTS[b];[a][b]concat[v]",
             "-map", "[v]", "leaves.mp4"}));
        const auto outcome = edited("leaves.mp4", "--identity", "left.mp4");
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const auto source = reader("leaves.mp4"), result = reader("left.mp4");
        QVERIFY(source && result);
        QCOMPARE(result->frameCount(), std::int64_t(25));
        const auto before = source->frame(24), after = result->frame(24);
        QVERIFY(before && after);
        double error = 0;
        for (std::size_t i = 0; i < (*before)->count(); ++i)
            error += std::abs(int((*before)->data()[i]) - int((*after)->data()[i]));
        QVERIFY2(error / double((*before)->count()) < 3,
                 "the last frame, without anybody, is not the source's");
    }

    void audioIsKept() {
        QVERIFY(
            m_program->ffmpeg({"-i", Program::sample("walk.mp4"), "-f", "lavfi", "-i", "sine=d=1",
                               "-frames:v", "12", "-shortest", "-c:a", "aac", "sound.mp4"}));
        const auto outcome = edited("sound.mp4", "--scene", "heard.mp4");
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const auto result = reader("heard.mp4");
        QVERIFY(result);
        QVERIFY(result->info().hasAudio);
    }

    void audioThatAnMp4CannotHoldIsNamed() {
        QVERIFY(
            m_program->ffmpeg({"-i", Program::sample("walk.mp4"), "-f", "lavfi", "-i", "sine=d=1",
                               "-frames:v", "3", "-shortest", "-c:a", "pcm_s16le", "sound.mkv"}));
        const auto outcome =
            m_program->strata({"edit", "--video", "sound.mkv", "--scene",
                               Program::sample("identity_1.jpg"), "--out", "silent.mp4"});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("pcm_s16le, which this kind of file cannot hold."),
                 qPrintable(outcome.err));
        QVERIFY(!reader("silent.mp4")->info().hasAudio);
    }

    void aFullDiskIsOneSentenceAndLeavesNothing() {
        QVERIFY(
            m_program->ffmpeg({"-i", Program::sample("walk.mp4"), "-frames:v", "6", "clip.mp4"}));
        QDir().mkdir(m_program->path("full"));
        // No file may grow beyond 20 kB: what a full disk looks like to a program, without needing
        // one.
        const QString command =
            QString(
                "ulimit -f 20; trap '' XFSZ; STRATA_CACHE='%1' exec '%2' -q edit --video clip.mp4 "
                "--scene '%3' --out full/o.mp4")
                .arg(m_program->path("full/cache"), STRATA_PROGRAM,
                     Program::sample("identity_1.jpg"));
        const auto outcome = m_program->run("bash", {"-c", command}, 300000);
        QCOMPARE(outcome.exitCode, 1);
        QVERIFY2(outcome.err.startsWith("strata: ") && outcome.err.trimmed().count('\n') == 0,
                 qPrintable(outcome.err));
        QVERIFY(!m_program->exists("full/o.mp4"));
        const QStringList left =
            QDir(m_program->path("full"))
                .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        QVERIFY2(left.isEmpty() || left == QStringList{"cache"}, qPrintable(left.join(' ')));
    }

    void aTruncatedFileIsDoneAsFarAsItGoes() {
        QVERIFY(m_program->ffmpeg({"-i", Program::sample("walk.mp4"), "-frames:v", "20", "-c:v",
                                   "libx264", "-g", "4", "whole.mkv"}));
        QFile whole(m_program->path("whole.mkv"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        QFile cut(m_program->path("cut.mkv"));
        QVERIFY(cut.open(QIODevice::WriteOnly));
        cut.write(bytes.left(bytes.size() / 3));
        cut.close();
        const auto outcome =
            m_program->strata({"-q", "edit", "--video", "cut.mkv", "--scene",
                               Program::sample("identity_1.jpg"), "--out", "short.mp4"});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const auto result = reader("short.mp4");
        QVERIFY(result);
        QVERIFY(result->frameCount() > 0 && result->frameCount() < 20);
    }
};

QTEST_GUILESS_MAIN(TestUnusualClips)
#include "test_unusual_clips.moc"
