// SPDX-License-Identifier: Apache-2.0
// `strata train gather`: real clips and pictures become clips that `strata train run` learns from.
#include "engine/formats/safetensors.h"
#include "tests/integration/program.h"

#include <QTest>

using namespace strata;

namespace {

/// Mean of what a person's pixels differ by, and of those of the sketch in its place.
double meanDifference(const Array& a, const Array& b, const Array& alpha) {
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < a.bytes.size(); ++i)
        if (std::to_integer<int>(alpha.bytes[i / 3]) > 200) {
            sum += std::abs(std::to_integer<int>(a.bytes[i]) - std::to_integer<int>(b.bytes[i]));
            ++count;
        }
    return count > 0 ? sum / count : -1;
}

} // namespace

class TestTrainingMaterial : public QObject {
    Q_OBJECT

    std::unique_ptr<Program> m_program;

    QStringList clips() const {
        return QDir(m_program->path("clips")).entryList({"*.safetensors"}, QDir::Files, QDir::Name);
    }
    ArrayMap read(const QString& name) const {
        auto arrays = readSafetensors(m_program->path("clips/" + name).toStdString());
        return arrays ? std::move(*arrays) : ArrayMap{};
    }

private Q_SLOTS:
    void initTestCase() {
        m_program = std::make_unique<Program>();
        if (!m_program->hasModels())
            QSKIP("the lite models are not installed");
    }

    void aVideoIsCutIntoClips() {
        const auto done =
            m_program->strata({"-q", "train", "gather", Program::sample("walk.mp4"), "--frames",
                               "20-25", "--size", "96", "--length", "4", "--out", "clips"});
        QVERIFY2(done.exitCode == 0, qPrintable(done.err));
        QVERIFY2(done.out.contains("2 clips with 6 frames from 1 files"), qPrintable(done.out));
        QCOMPARE(clips(), QStringList({"walk_00000020.safetensors", "walk_00000024.safetensors"}));
        const ArrayMap clip = read(clips()[0]);
        for (const char* name : {"frames", "scene", "occluder", "sketch"})
            QCOMPARE(clip.at(name).shape, (std::vector<std::int64_t>{4, 96, 96, 3}));
        QCOMPARE(clip.at("vertices").shape, (std::vector<std::int64_t>{4, 6890, 3}));
        // Somebody is there, who is gone from the scene and drawn in the sketch.
        const Array &frames = clip.at("frames"), &alpha = clip.at("alpha");
        const double away = meanDifference(frames, clip.at("scene"), alpha);
        const double drawn = meanDifference(frames, clip.at("sketch"), alpha);
        QVERIFY2(away > 20, qPrintable(QString::number(away)));
        QVERIFY2(drawn >= 0 && drawn < 0.8 * away,
                 qPrintable(QString("%1 %2").arg(drawn).arg(away)));
    }

    void aPictureIsAClipOfOneFrame() {
        const auto done =
            m_program->strata({"-q", "train", "gather", Program::sample("identity_1.jpg"), "--size",
                               "96", "--out", "clips"});
        QVERIFY2(done.exitCode == 0, qPrintable(done.err));
        QCOMPARE(clips().size(), 3);
        QCOMPARE(read("identity_1_00000000.safetensors").at("frames").shape[0], std::int64_t(1));
    }

    void theyAreLearntFrom() {
        const auto done = m_program->strata({"-q", "train", "run", "--config", "tiny", "--clips",
                                             "clips", "--size", "96", "--set", "steps=2", "--set",
                                             "stage=joint", "--out", "run"});
        QVERIFY2(done.exitCode == 0, qPrintable(done.err));
        QVERIFY(m_program->exists("run/networks/denoiser.safetensors"));
    }

    void withoutAPersonThereIsNothing() {
        QVERIFY(
            m_program->ffmpeg({"-f", "lavfi", "-i", "color=c=gray:s=128x128:d=0.2", "gray.mp4"}));
        const auto done =
            m_program->strata({"-q", "train", "gather", "gray.mp4", "--out", "nothing"});
        QCOMPARE(done.exitCode, 3);
        const auto size = m_program->strata(
            {"-q", "train", "gather", "gray.mp4", "--size", "100", "--out", "nothing"});
        QCOMPARE(size.exitCode, 2);
        QVERIFY2(size.err.contains("multiples of 8"), qPrintable(size.err));
    }
};

QTEST_GUILESS_MAIN(TestTrainingMaterial)
#include "test_training_material.moc"
