// SPDX-License-Identifier: Apache-2.0
// Checkpoints as large as the published ones, with random values: imported, loaded and run for one
// step on the processor. Needs 15 GB of disk, 20 GB of memory and some minutes, so it is not a part
// of the usual run: packaging/test.sh --large.
#include "engine/media/video_reader.h"
#include "engine/models/model_store.h"
#include "engine/synth/mimo/mimo_loader.h"
#include "tests/integration/program.h"
#include "tests/large/random_checkpoints.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTest>

#include <fstream>

#include <sys/resource.h>

using namespace strata;
namespace fs = std::filesystem;

namespace {

constexpr double kGb = 1e9;
constexpr double kMemoryLimit = 20 * kGb;
constexpr double kDiskNeeded = 15 * kGb;

struct Published {
    const char* network; // of tests/golden/manifests
    const char* model;   // that it is a part of
    const char* name;    // in the folder of that model
    fs::path MimoFiles::*file;
};

constexpr Published kPublished[] = {
    {"pose_guider", "mimo", "pose_guider.pth", &MimoFiles::pose},
    {"vae", "sd_vae_ft_mse", "diffusion_pytorch_model.safetensors", &MimoFiles::vae},
    {"clip_vision", "clip_image_encoder", "pytorch_model.bin", &MimoFiles::clip},
    {"motion_module", "mimo", "motion_module.pth", &MimoFiles::motion},
    {"reference_unet", "mimo", "reference_unet.pth", &MimoFiles::reference},
    {"denoising_unet_spatial_only", "mimo", "denoising_unet.pth", &MimoFiles::denoiser}};

/// A line of /proc/self/status, in bytes.
double statusOf(const std::string& wanted) {
    std::ifstream status("/proc/self/status");
    for (std::string key; status >> key;) {
        double kilobytes = 0;
        if (key == wanted + ":" && status >> kilobytes)
            return kilobytes * 1024;
        std::getline(status, key);
    }
    return 0;
}

/// Of the largest program that was run from here.
double childPeak() {
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    return double(usage.ru_maxrss) * 1024;
}

} // namespace

class TestOfficialSize : public QObject {
    Q_OBJECT
    std::unique_ptr<Program> m_program;
    MimoFiles m_files;

private Q_SLOTS:
    void initTestCase() {
        m_program = std::make_unique<Program>();
        const auto folder = m_program->path("").toStdString();
        if (fs::space(folder).available < kDiskNeeded)
            QSKIP("15 GB of disk are needed");
        if (!m_program->hasModels())
            QSKIP("the lite models are not installed");
        const auto outcome = m_program->strata(
            {"-q", "decompose", Program::sample("walk.mp4"), "--frames", "0-1", "--out", "layers"});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
    }

    void filesAreImportedWhateverTheirNames() {
        const auto store = ModelStore::open(STRATA_SOURCE_DIR "/assets/models");
        QVERIFY(store);
        const fs::path models = m_program->path("models").toStdString();
        fs::create_directories(models);
        for (const auto& manifest : store->manifests())
            if (manifest.group == "lite")
                fs::create_directory_symlink(store->root() / manifest.id, models / manifest.id);
        m_program->environment.insert("STRATA_MODELS", QString::fromStdString(models.string()));
        double total = 0, seconds = 0;
        int number = 0;
        for (const Published& part : kPublished) {
            const QString file = QString("%1.download").arg(++number);
            const auto path = m_program->path(file).toStdString();
            const auto written = test::writeRandomCheckpoint(part.network, path);
            QVERIFY2(bool(written), written ? "" : written.error().message.c_str());
            total += double(fs::file_size(path));
            QElapsedTimer timer;
            timer.start();
            const auto outcome = m_program->strata({"models", "import", file});
            QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
            seconds += timer.elapsed() / 1e3;
            const auto kept =
                fs::path(m_program->path("models").toStdString()) / part.model / part.name;
            QVERIFY2(fs::exists(kept), kept.c_str());
            m_files.*part.file = kept;
            fs::remove(path);
        }
        qInfo("imported %.1f GB in %.0f s", total / kGb, seconds);
    }

    void loadingTakesHardlyMoreThanTheNetworks() {
        const double before = statusOf("VmRSS");
        QElapsedTimer timer;
        timer.start();
        const auto loaded = loadMimo(m_files, nn::MimoConfig::official());
        const double seconds = timer.elapsed() / 1e3;
        QVERIFY2(bool(loaded), loaded ? "" : loaded.error().message.c_str());
        for (const auto& note : loaded->notes)
            qInfo("%s", note.c_str());
        const double held = statusOf("VmRSS") - before, peak = statusOf("VmHWM");
        qInfo("loaded in %.1f s: %.2f GB held, %.2f GB at most", seconds, held / kGb, peak / kGb);
        QVERIFY(peak < kMemoryLimit);
        QVERIFY(peak - before < 1.2 * held);
    }

    void oneStepRunsOnTheProcessor() {
        QElapsedTimer timer;
        timer.start();
        const auto outcome = m_program->strata(
            {"-q", "edit", "--template", "layers", "--identity", Program::sample("identity_2.jpg"),
             "--synth", "mimo", "--size", "256", "--steps", "1", "--out", "edited.mp4"},
            1500000);
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
        qInfo("one step of two frames at 256x256, from the first file to the last frame: %.0f s, "
              "%.2f GB at most",
              timer.elapsed() / 1e3, childPeak() / kGb);
        const auto result = VideoReader::open(m_program->path("edited.mp4").toStdString());
        QVERIFY(result);
        QCOMPARE((*result)->frameCount(), 2);
        QVERIFY(childPeak() < kMemoryLimit);
    }
};

QTEST_GUILESS_MAIN(TestOfficialSize)
#include "test_official_size.moc"
