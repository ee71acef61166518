// SPDX-License-Identifier: Apache-2.0
// `strata edit --synth mimo` with small networks: going on after a kill, and files and disks that
// are bad.
#include "engine/body/motion.h"
#include "engine/formats/safetensors.h"
#include "engine/media/video_reader.h"
#include "tests/integration/program.h"
#include "tests/integration/same_frames.h"
#include "tests/support/golden.h"

#include <QDirIterator>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <limits>

using namespace strata;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSizes =
    "{\"unet\": {\"channels\": [32, 64, 128, 128], \"contextWidth\": 32},"
    " \"vae\": {\"channels\": [32, 64, 64, 64]},"
    " \"clip\": {\"width\": 64, \"layers\": 3, \"heads\": 4, \"hidden\": 256, \"projection\": 32}}";

QString modelRoot() {
    const QString own = qEnvironmentVariable("STRATA_MODELS");
    const QString data =
        qEnvironmentVariable("XDG_DATA_HOME", qEnvironmentVariable("HOME") + "/.local/share");
    return own.isEmpty() ? data + "/strata/models" : own;
}

} // namespace

class TestGenerator : public QObject {
    Q_OBJECT

    std::unique_ptr<Program> m_program;

    fs::path path(const QString& name) const { return m_program->path(name).toStdString(); }

    void text(const QString& name, const QByteArray& content) const {
        QFile file(m_program->path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }

    void checkpoint(const QString& name, const ArrayMap& tensors) const {
        const auto status = writeSafetensors(path("models/" + name), tensors);
        QVERIFY2(bool(status), status ? "" : status.error().message.c_str());
    }

    ArrayMap weights(const char* network) const {
        auto tensors = test::goldenWeights(network);
        return tensors ? std::move(*tensors) : ArrayMap{};
    }

    void installNetworks() {
        ArrayMap spatial, motion;
        for (const auto& [name, array] : weights("denoising_unet"))
            (name.find("motion_modules.") != std::string::npos ? motion : spatial)[name] = array;
        checkpoint("mimo/denoising_unet.pth", spatial);
        checkpoint("mimo/motion_module.pth", motion);
        checkpoint("mimo/reference_unet.pth", weights("reference_unet"));
        checkpoint("mimo/pose_guider.pth", weights("pose_guider"));
        checkpoint("sd_vae_ft_mse/diffusion_pytorch_model.safetensors", weights("vae"));
        checkpoint("clip_image_encoder/pytorch_model.bin", weights("clip_vision_224"));
        text("models/mimo/networks.json", kSizes);
    }

    /// The program's own data, but for the size that the published CLIP network's file has.
    void makeAssets() {
        const QDir source(STRATA_SOURCE_DIR "/assets");
        QVERIFY(QDir().mkpath(m_program->path("assets/models")));
        QVERIFY(QFile::link(source.filePath("body"), m_program->path("assets/body")));
        for (const QString& name : QDir(source.filePath("models")).entryList({"*.json"})) {
            QFile manifest(source.filePath("models/" + name));
            QVERIFY(manifest.open(QIODevice::ReadOnly));
            QString content = QString::fromUtf8(manifest.readAll());
            if (name == "clip_image_encoder.json")
                content.remove(QRegularExpression("\"bytes\": *[0-9]+,"));
            text("assets/models/" + name, content.toUtf8());
        }
        m_program->environment.insert("STRATA_ASSETS", m_program->path("assets"));
    }

    void makeTemplate() {
        QDir().mkpath(m_program->path("clip"));
        const auto video = [this](const QString& name, const QString& scene,
                                  const QString& person) {
            QStringList arguments{"-f", "lavfi", "-i", scene + "s=128x96:d=0.4:r=20"};
            if (!person.isEmpty())
                arguments += {"-f",
                              "lavfi",
                              "-i",
                              "color=" + person + ":s=32x56:d=0.4:r=20",
                              "-filter_complex",
                              "[0][1]overlay=x=30+n*4:y=24:shortest=1"};
            arguments += {"-c:v", "libx264", "-crf", "4", "-pix_fmt", "yuv420p", "clip/" + name};
            return m_program->ffmpeg(arguments);
        };
        QVERIFY(video("vid.mp4", "testsrc2=", "orange"));
        QVERIFY(video("bk.mp4", "testsrc2=", ""));
        QVERIFY(video("mask.mp4", "color=black:", "white"));
        QVERIFY(video("sdc.mp4", "color=black:", "teal"));
        text("clip/config.json", "{\"fps\": 20}");
        Motion motion;
        motion.fps = Rational(20);
        motion.frames.resize(8);
        motion.confidence.assign(8, 1.f);
        Camera camera;
        camera.size = {128, 96};
        camera.fx = camera.fy = 120.f;
        camera.cx = 64.f;
        camera.cy = 48.f;
        motion.cameras.assign(8, camera);
        for (auto& frame : motion.frames)
            frame.translation = glm::vec3(0.f, 0.f, 4.f);
        QVERIFY(bool(writeAmass(path("clip/person.npz"), motion)));
    }

    static QStringList arguments(const QString& out, int steps) {
        return {"edit",
                "--template",
                "clip",
                "--identity",
                Program::sample("identity_1.jpg"),
                "--synth",
                "mimo",
                "--size",
                "64",
                "--steps",
                QString::number(steps),
                "--out",
                out};
    }

    Program::Outcome edit(const QString& out, const QStringList& more = {}, int steps = 2) const {
        return m_program->strata(QStringList{"-q"} + arguments(out, steps) + more, 600000);
    }

    /// Nothing but one sentence is said, and nothing is left.
    void isRefused(const Program::Outcome& outcome, const QString& mentions) const {
        QCOMPARE(outcome.exitCode, 1);
        QVERIFY2(outcome.err.startsWith("strata: ") && outcome.err.trimmed().count('\n') == 0 &&
                     outcome.err.trimmed().endsWith('.'),
                 qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains(mentions), qPrintable(outcome.err));
        QVERIFY(!m_program->exists("o.mp4"));
        QVERIFY(!m_program->leftovers().join(' ').contains("o.mp4"));
    }

private Q_SLOTS:
    void initTestCase() {
        if (!Program().hasModels())
            QSKIP("the lite models are not installed");
    }

    void init() {
        m_program = std::make_unique<Program>();
        for (const char* folder :
             {"models/mimo", "models/sd_vae_ft_mse", "models/clip_image_encoder"})
            QVERIFY(QDir().mkpath(m_program->path(folder)));
        const QDir installed(modelRoot());
        for (const QString& name : installed.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QFile::link(installed.filePath(name), m_program->path("models/" + name));
        m_program->environment.insert("STRATA_MODELS", m_program->path("models"));
        m_program->environment.insert("OMP_WAIT_POLICY", "passive");
        makeAssets();
        installNetworks();
        makeTemplate();
    }

    void aClipIsGeneratedAndThePlanIsTold() {
        const auto outcome =
            m_program->strata(arguments("o.mp4", 3) + QStringList{"--preview", "sheet.png"});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const auto result = VideoReader::open(path("o.mp4"));
        QVERIFY(result);
        QCOMPARE((*result)->frameCount(), std::int64_t(8));
        QVERIFY(m_program->exists("sheet.png"));
        QVERIFY2(outcome.err.contains("Plan: fp32, windows of 8 frames one at a time"),
                 qPrintable(outcome.err));
    }

    void partOfTheRunIsGuided() {
        QCOMPARE(edit("a.mp4", {}, 5).exitCode, 0);
        QCOMPARE(edit("b.mp4", {"--guidance-range", "0.5,1"}, 5).exitCode, 0);
        QVERIFY(!sameFrames(path("a.mp4"), path("b.mp4")));
        const auto wrong = edit("o.mp4", {"--guidance-range", "0.5,0.1"});
        QCOMPARE(wrong.exitCode, 2);
        QVERIFY(wrong.err.contains("--guidance-range"));
    }

    void halfTheMemoryIsEnoughForBfloat16() {
        const auto outcome =
            m_program->strata(arguments("o.mp4", 2) + QStringList{"--precision", "bfloat16"});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("Plan: bf16"), qPrintable(outcome.err));
    }

    void badNetworksAreNamed_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("truncated") << "truncated"
                                   << "denoising_unet.pth";
        QTest::newRow("another architecture") << "architecture"
                                              << "pose_guider.pth";
        QTest::newRow("sizes that are none") << "sizes"
                                             << "networks.json";
        QTest::newRow("not a number") << "nan"
                                      << "reference_unet.pth";
        QTest::newRow("numbers too large") << "large"
                                           << "not finite";
        QTest::newRow("missing") << "missing"
                                 << "strata models import";
    }
    void badNetworksAreNamed() {
        QFETCH(QString, what);
        QFETCH(QString, mentions);
        const auto changed = [this](const char* network, const char* name, float value) {
            auto tensors = weights(network);
            auto values = tensors[name].toFloats();
            std::fill(values.begin(), values.end(), value);
            tensors[name] = Array::of(tensors[name].shape, values);
            return tensors;
        };
        if (what == "truncated")
            fs::resize_file(path("models/mimo/denoising_unet.pth"),
                            fs::file_size(path("models/mimo/denoising_unet.pth")) / 2);
        else if (what == "architecture") // the published one is expected
            fs::remove(path("models/mimo/networks.json"));
        else if (what == "sizes")
            text("models/mimo/networks.json", "{\"unet\": {\"heads\": \"many\"}}");
        else if (what == "nan")
            checkpoint("mimo/reference_unet.pth", changed("reference_unet", "conv_in.bias",
                                                          std::numeric_limits<float>::quiet_NaN()));
        else if (what == "large")
            checkpoint("mimo/pose_guider.pth", changed("pose_guider", "conv_out.weight", 3e38f));
        else
            fs::remove(path("models/mimo/motion_module.pth"));
        isRefused(edit("o.mp4"), mentions);
    }

    void aFullDiskIsOneSentenceAndLeavesNothing() {
        // No file may grow beyond 20 kB.
        const QString command = QString("ulimit -f 20; trap '' XFSZ; exec '%1' -q %2")
                                    .arg(STRATA_PROGRAM, arguments("o.mp4", 2).join(' ')) +
                                " --crf 0";
        isRefused(m_program->run("bash", {"-c", command}, 300000), "Cannot write");
    }

    void aKilledRunGoesOnFromItsLatents() {
        // Latents are saved now and then, so the run must be long enough on this machine.
        int steps = 25;
        bool killed = false;
        for (; !killed; steps = std::min(1000, 2 * steps)) {
            m_program->environment.insert("STRATA_CACHE",
                                          m_program->path("cache/" + QString::number(steps)));
            killed = killWhenSaved(steps);
            if (killed || steps == 1000)
                break;
        }
        QVERIFY2(killed, "it was finished before anything was saved");
        QVERIFY(!m_program->exists("killed.mp4"));
        const auto outcome =
            m_program->strata(QStringList{"--json"} + arguments("killed.mp4", steps));
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        const double first = firstShare(outcome.out);
        qInfo("a run of %d steps goes on at %.0f%%", steps, 100 * first);
        QVERIFY(first > 0.25);
        m_program->environment.insert("STRATA_CACHE", m_program->path("cache/calm"));
        const auto calm = edit("calm.mp4", {}, steps);
        QVERIFY2(calm.exitCode == 0, qPrintable(calm.err));
        QVERIFY(sameFrames(path("calm.mp4"), path("killed.mp4")));
    }

private:
    /// Whether something had been saved and the run was still going on.
    bool killWhenSaved(int steps) const {
        QProcess process;
        process.setProcessEnvironment(m_program->environment);
        process.setWorkingDirectory(m_program->path("."));
        process.start(STRATA_PROGRAM, QStringList{"-q"} + arguments("killed.mp4", steps));
        const QString cache = m_program->environment.value("STRATA_CACHE");
        while (process.state() != QProcess::NotRunning && !savedIn(cache))
            process.waitForFinished(200);
        const bool running = process.state() == QProcess::Running;
        process.kill();
        process.waitForFinished();
        if (!running)
            QFile::remove(m_program->path("killed.mp4"));
        return running;
    }

    static bool savedIn(const QString& cache) {
        QDirIterator files(cache, {"state.npz"}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext())
            if (!files.next().contains("/temporary/"))
                return true;
        return false;
    }

    /// How far the generation is when it is reported for the first time.
    static double firstShare(const QString& lines) {
        for (const QString& line : lines.split('\n')) {
            const QJsonObject event = QJsonDocument::fromJson(line.toUtf8()).object();
            if (event["stage"].toString() == "generate" && event["done"].toInt() > 0)
                return event["done"].toDouble() / event["total"].toDouble();
        }
        return 0;
    }
};

QTEST_GUILESS_MAIN(TestGenerator)
#include "test_generator.moc"
