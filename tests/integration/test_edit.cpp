// SPDX-License-Identifier: Apache-2.0
// The main job on the bundled sample, with the real networks: layers against the truth, the edited
// clip, templates, and going on after a kill. One cache serves all cases, so the clip is taken
// apart once. Under sanitizers, which make everything many times slower, it is a dozen frames.
#include "engine/eval/mask_metrics.h"
#include "engine/eval/plate_metrics.h"
#include "engine/media/gray_reader.h"
#include "tests/integration/program.h"
#include "tests/integration/same_frames.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>

using namespace strata;
namespace fs = std::filesystem;

class TestEdit : public QObject {
    Q_OBJECT

    /// Sanitizers see a dozen frames; the figures hold for the whole sample only.
    static constexpr bool kWhole = STRATA_SLOWDOWN == 1;
    std::unique_ptr<Program> m_program;

    fs::path file(const QString& name) const { return m_program->path(name).toStdString(); }
    /// The sample's clip, walk.mp4, or the truth beside it.
    QString sample(const QString& name) const {
        return kWhole ? Program::sample(name) : m_program->path(name);
    }
    fs::path truth(const QString& name) const { return sample(name).toStdString(); }
    /// Where the walker passes behind the pillar.
    bool cutSample() const {
        for (const char* name :
             {"walk.mp4", "walk_plate.mp4", "walk_human.mkv", "walk_occluder.mkv"}) {
            const QStringList codec = QString(name).endsWith(".mkv")
                                          ? QStringList{"-c:v", "ffv1"}
                                          : QStringList{"-c:v", "libx264", "-crf", "12"};
            if (!m_program->ffmpeg(
                    QStringList{"-i", Program::sample(name), "-vf",
                                "trim=start_frame=36:end_frame=48,setpts=PTS-STARTPTS"} +
                    codec + QStringList{m_program->path(name)}))
                return false;
        }
        return true;
    }

    Program::Outcome edit(const QString& out, const QStringList& more) const {
        return m_program->strata(QStringList{"-q", "edit", "--out", out} + more, 1500000);
    }

private Q_SLOTS:
    void initTestCase() {
        m_program = std::make_unique<Program>();
        if (!m_program->hasModels())
            QSKIP("the lite models are not installed");
        if (!kWhole)
            QVERIFY(cutSample());
        const auto outcome =
            m_program->strata({"-q", "decompose", sample("walk.mp4"), "--out", "layers"}, 1500000);
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
    }

    void theTemplateHasItsFiles() {
        for (const char* name :
             {"vid.mp4", "mask.mp4", "sdc.mp4", "bk.mp4", "occ.mp4", "bbox.npy", "config.json",
              "alpha.mkv", "occluder.mkv", "depth.mkv", "person.npz", "camera.npz", "people.json"})
            QVERIFY2(m_program->exists(QString("layers/") + name), name);
        const auto source = VideoReader::open(truth("walk.mp4"));
        QVERIFY(source);
        for (const char* name : {"vid.mp4", "mask.mp4", "sdc.mp4", "bk.mp4", "occ.mp4"}) {
            const auto stream = VideoReader::open(file(QString("layers/") + name));
            QVERIFY2(stream, name);
            QCOMPARE((*stream)->frameCount(), (*source)->frameCount());
            QCOMPARE((*stream)->info().fps, (*source)->info().fps);
            QVERIFY((*stream)->frameSize() == (*source)->frameSize());
        }
    }

    // The figures in README, a little below what is measured, so that what gets worse is seen.
    // Goal not reached yet: plate 28 dB.
    void theMasksAreTrue() {
        const auto human = MaskReader::open(file("layers/mask.mp4"));
        const auto trueHuman = MaskReader::open(truth("walk_human.mkv"));
        QVERIFY(human && trueHuman);
        const auto report = scoreMasks(**human, **trueHuman);
        QVERIFY(report);
        qInfo("human mask: mean IoU %.4f, worst %.4f", report->mean.iou, report->worstIou);
        QVERIFY(report->mean.iou >= (kWhole ? 0.94 : 0.8));
    }

    void theOccluderIsTrue() {
        const auto mask = MaskReader::open(file("layers/occ.mp4"));
        const auto trueMask = MaskReader::open(truth("walk_occluder.mkv"));
        QVERIFY(mask && trueMask);
        const auto report = scoreMasks(**mask, **trueMask);
        QVERIFY(report);
        qInfo("occluder mask: mean IoU %.4f, worst %.4f", report->mean.iou, report->worstIou);
        QVERIFY(report->mean.iou >= (kWhole ? 0.88 : 0.7));
    }

    void thePlateIsTrueBehindThePerson() {
        const auto plate = VideoReader::open(file("layers/bk.mp4"));
        const auto truePlate = VideoReader::open(truth("walk_plate.mp4"));
        const auto human = MaskReader::open(truth("walk_human.mkv"));
        QVERIFY(plate && truePlate && human);
        const auto report = scorePlateInside(**plate, **truePlate, **human);
        QVERIFY(report);
        qInfo("plate inside the person: %.2f dB, worst %.2f dB", report->psnr, report->worstPsnr);
        QVERIFY(report->psnr >= (kWhole ? 25.0 : 15.0));
    }

    void thePersonIsReplacedAndTheRestStays() {
        const auto outcome =
            edit("identity.mp4", {"--synth", "mesh", "--video", sample("walk.mp4"), "--identity",
                                  Program::sample("identity_1.jpg"), "--preview", "sheet.png"});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        QVERIFY(m_program->exists("sheet.png"));
        const auto source = VideoReader::open(truth("walk.mp4"));
        const auto result = VideoReader::open(file("identity.mp4"));
        const auto human = MaskReader::open(truth("walk_human.mkv"));
        QVERIFY(source && result && human);
        QCOMPARE((*result)->frameCount(), (*source)->frameCount());
        QCOMPARE((*result)->info().fps, (*source)->info().fps);
        const auto away = scorePlateOutside(**result, **source, **human, 48);
        const auto inside = scorePlateInside(**result, **source, **human);
        QVERIFY(away && inside);
        qInfo("away from the person %.2f dB, inside %.2f dB", away->psnr, inside->psnr);
        QVERIFY(away->psnr >= 38.0);
        QVERIFY(inside->psnr < 25.0); // somebody else
    }

    void ourGeneratorCorrectsWhatTheMeshSynthesiserDraws() {
        const auto outcome = edit("small.mp4", {"--video", sample("walk.mp4"), "--identity",
                                                Program::sample("identity_1.jpg")});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const auto source = VideoReader::open(truth("walk.mp4"));
        const auto mesh = VideoReader::open(file("identity.mp4"));
        const auto result = VideoReader::open(file("small.mp4"));
        const auto human = MaskReader::open(truth("walk_human.mkv"));
        QVERIFY(source && mesh && result && human);
        QCOMPARE((*result)->frameCount(), (*source)->frameCount());
        const auto away = scorePlateOutside(**result, **source, **human, 48);
        const auto changed = scorePlateInside(**result, **mesh, **human);
        QVERIFY(away && changed);
        qInfo("away from the person %.2f dB, from the mesh synthesiser's person %.2f dB",
              away->psnr, changed->psnr);
        QVERIFY(away->psnr >= 38.0);
        QVERIFY(changed->psnr > 18.0 && changed->psnr < 40.0); // 37.5 with the bundled networks
    }

    void aTemplateIsReadBack() {
        const auto outcome = edit("template.mp4", {"--template", "layers", "--identity",
                                                   Program::sample("identity_2.jpg")});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const auto result = VideoReader::open(file("template.mp4"));
        const auto source = VideoReader::open(truth("walk.mp4"));
        QVERIFY(result && source);
        QCOMPARE((*result)->frameCount(), (*source)->frameCount());
    }

    void anotherSceneIsPutBehind() {
        const auto outcome =
            edit("scene.mp4", {"--video", sample("walk.mp4"), "--scene",
                               Program::sample("identity_1.jpg"), "--no-occluder"});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const auto result = VideoReader::open(file("scene.mp4"));
        const auto source = VideoReader::open(truth("walk.mp4"));
        const auto human = MaskReader::open(truth("walk_human.mkv"));
        QVERIFY(result && source && human);
        const auto away = scorePlateOutside(**result, **source, **human, 16);
        QVERIFY(away);
        QVERIFY(away->psnr < 20.0);
    }

    void killedRunsEndTheSame() {
        const QStringList what = {"--video",    sample("walk.mp4"),
                                  "--frames",   kWhole ? "10-45" : "0-11",
                                  "--identity", Program::sample("identity_1.jpg")};
        QVERIFY(edit("calm.mp4", what).exitCode == 0);

        m_program->environment.insert("STRATA_CACHE", m_program->path("cache/second"));
        srand(1);
        for (int kill = 0; kill < 5; ++kill) {
            QProcess process;
            process.setProcessEnvironment(m_program->environment);
            process.setWorkingDirectory(m_program->path("."));
            process.start(STRATA_PROGRAM, QStringList{"-q", "edit", "--out", "killed.mp4"} + what);
            QVERIFY(process.waitForStarted());
            if (!process.waitForFinished(3000 + rand() % 12000))
                process.kill();
            process.waitForFinished();
        }
        const auto outcome = edit("killed.mp4", what);
        m_program->environment.insert("STRATA_CACHE", m_program->path("cache"));
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        QVERIFY(sameFrames(file("calm.mp4"), file("killed.mp4")));
    }

    void ctrlCStopsSoonAndCanGoOn() {
        m_program->environment.insert("STRATA_CACHE", m_program->path("cache/third"));
        QProcess process;
        process.setProcessEnvironment(m_program->environment);
        process.setWorkingDirectory(m_program->path("."));
        process.start(STRATA_PROGRAM,
                      {"edit", "--video", sample("walk.mp4"), "--frames", kWhole ? "0-30" : "0-11",
                       "--scene", Program::sample("identity_1.jpg"), "--out", "stopped.mp4"});
        process.setReadChannel(QProcess::StandardError);
        QVERIFY(process.waitForReadyRead(STRATA_SLOWDOWN * 30000)); // it is at work
        QTest::qWait(2000);
        QElapsedTimer timer;
        timer.start();
        ::kill(pid_t(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(STRATA_SLOWDOWN * 30000));
        qInfo("stopped after %lld ms", timer.elapsed());
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(!m_program->exists("stopped.mp4"));
        m_program->environment.insert("STRATA_CACHE", m_program->path("cache"));
    }
};

QTEST_GUILESS_MAIN(TestEdit)
#include "test_edit.moc"
