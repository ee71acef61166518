// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/initial_weights.h"
#include "engine/train/trainer/sample_sheet.h"
#include "engine/train/trainer/training_state.h"
#include "tests/unit/train/made_up_clips.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <map>

using namespace strata;
namespace fs = std::filesystem;

namespace {

struct Run {
    explicit Run(const TrainingConfig& given)
        : config(given) {}

    TrainingParts parts() {
        TrainingParts out;
        out.source = &clips;
        out.body = test::squareBody();
        out.folder = fs::path(folder.path().toStdString());
        return out;
    }
    /// Trains until the end, or until it is stopped after `steps`.
    Status train(std::int64_t steps = -1) {
        STRATA_ASSIGN(trainer, Trainer::create(config, parts()));
        std::stop_source stop;
        return trainer->run({stop.get_token(), [&](const Progress& progress) {
                                 if (progress.done == steps)
                                     stop.request_stop();
                             }});
    }
    double lossAt(std::size_t line) const {
        return (*readTrainingLog(fs::path(folder.path().toStdString()) / "log.jsonl"))[line].loss;
    }

    TrainingConfig config;
    test::MadeUpClips clips;
    QTemporaryDir folder;
    std::unique_ptr<Trainer> trainer;
};

#define VERIFY_OK(expression)                                                                      \
    do {                                                                                           \
        const auto& verified = (expression);                                                       \
        QVERIFY2(verified, verified ? "" : verified.error().message.c_str());                      \
    } while (false)

/// The same with sketches, and a refiner after the decoder.
TrainingConfig refiningTraining() {
    TrainingConfig config = test::tinyTraining();
    auto& networks = config.networks;
    networks.sketch = networks.denoiser.fromSketch = true;
    networks.denoiser.inChannels = 16;
    networks.refiner = {{8, 16}, 2, 4};
    config.stage = TrainingStage::Refiner;
    config.refiner = {.absoluteWeight = 0.1, .structureWeight = 0.05, .sampledSteps = 2};
    return config;
}

} // namespace

class TestTrainer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void interruptedTrainingEqualsUninterruptedBitForBit_data() {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("accumulation");
        QTest::addColumn<int>("different");
        QTest::newRow("coder") << int(TrainingStage::Autoencoder) << 1 << 0;
        QTest::newRow("coder, clips again") << int(TrainingStage::Autoencoder) << 1 << 3;
        QTest::newRow("frames") << int(TrainingStage::Frames) << 2 << 0;
        QTest::newRow("denoiser") << int(TrainingStage::Denoiser) << 2 << 0;
        QTest::newRow("clips") << int(TrainingStage::Clips) << 1 << 0;
        QTest::newRow("joint") << int(TrainingStage::Joint) << 2 << 0;
        QTest::newRow("joint, clips again") << int(TrainingStage::Joint) << 2 << 3;
        QTest::newRow("refiner") << int(TrainingStage::Refiner) << 1 << 0;
        QTest::newRow("refiner, clips again") << int(TrainingStage::Refiner) << 1 << 3;
    }
    void interruptedTrainingEqualsUninterruptedBitForBit() {
        QFETCH(int, stage);
        QFETCH(int, accumulation);
        const bool refines = TrainingStage(stage) == TrainingStage::Refiner;
        TrainingConfig config = refines ? refiningTraining() : test::tinyTraining();
        config.stage = TrainingStage(stage);
        config.accumulation = accumulation;
        Run whole(config), parts(config);
        QFETCH(int, different);
        whole.clips.different = parts.clips.different = std::uint64_t(different);
        const auto fresh = Trainer::create(config, whole.parts());
        VERIFY_OK(fresh);
        VERIFY_OK(whole.train());
        QVERIFY(test::firstDifference((*fresh)->parameters(), whole.trainer->parameters()) != "");
        for (const int stop : {2, 3}) {
            const auto stopped = parts.train(stop);
            QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
            QCOMPARE(parts.trainer->step(), stop);
        }
        VERIFY_OK(parts.train());
        QCOMPARE(test::firstDifference(whole.trainer->parameters(), parts.trainer->parameters()),
                 std::string());
        QCOMPARE(whole.trainer->networks().config().vae.scale,
                 parts.trainer->networks().config().vae.scale);
        for (std::size_t i = 0; i < 6; ++i)
            QCOMPARE(whole.lossAt(i), parts.lossAt(i));
    }

    void gradientsOfManyBatchesAddUpToThoseOfALargeOne() {
        TrainingConfig large = test::tinyTraining(), small = large;
        large.batch = 4;
        small.batch = 2;
        small.accumulation = 2;
        Run one(large), two(small);
        VERIFY_OK(one.train());
        VERIFY_OK(two.train());
        const double difference =
            test::largestDifference(one.trainer->parameters(), two.trainer->parameters());
        QVERIFY2(difference < 2e-5, std::to_string(difference).c_str());
    }

    void aCoderLearns() {
        TrainingConfig config = test::tinyTraining();
        config.stage = TrainingStage::Autoencoder;
        config.steps = 60;
        config.rate = 5e-3;
        config.epsilon = 1e-8;
        Run run(config);
        VERIFY_OK(run.train());
        double begin = 0, end = 0;
        for (std::size_t i = 0; i < 10; ++i) {
            begin += run.lossAt(i) / 10;
            end += run.lossAt(50 + i) / 10;
        }
        QVERIFY2(end < 0.8 * begin, (std::to_string(begin) + " -> " + std::to_string(end)).c_str());
    }

    void onlyTheRefinerIsRefined() {
        TrainingConfig config = refiningTraining();
        config.steps = 40;
        config.rate = 5e-3;
        config.epsilon = 1e-8;
        Run run(config);
        run.clips.different = 2;
        VERIFY_OK(run.train());
        const auto fresh =
            TrainingNetworks::create(config, test::squareBody(), torch::Device(torch::kCPU));
        VERIFY_OK(fresh);
        std::map<std::string, torch::Tensor> before;
        for (const auto& [name, tensor] : fresh->all())
            before[name] = tensor;
        for (const auto& [name, tensor] : run.trainer->networks().all())
            if (!name.starts_with("refiner."))
                QVERIFY2(torch::equal(tensor, before[name]), name.c_str());
        QVERIFY2(run.lossAt(39) < 0.7 * run.lossAt(0), std::to_string(run.lossAt(39)).c_str());

        // What it has learnt is in the samples, and in the files.
        TrainingClip clip = *run.clips.clip(config.seed, 0, 1);
        const auto step = TrainingStep::create(
            config, test::squareBody(), [](const torch::Tensor&) { return torch::Tensor(); });
        VERIFY_OK(step);
        const auto distance = [&](TrainingNetworks& networks) {
            const auto drawn = sampledFrames(networks, *step, config, clip, {2, 1, 7});
            return drawn ? (drawn->to(torch::kFloat32) - clip.frames.to(torch::kFloat32))
                               .square()
                               .mean()
                               .item<double>()
                         : 1e9;
        };
        TrainingNetworks untrained = *fresh;
        const double without = distance(untrained), with = distance(run.trainer->networks());
        QVERIFY2(with < 0.8 * without, qPrintable(QString("%1 -> %2").arg(without).arg(with)));
        const fs::path path = run.parts().folder / "networks";
        VERIFY_OK(exportNetworks(run.trainer->networks(), config, path, false));
        VERIFY_OK(importNetworks(path, untrained));
        QCOMPARE(distance(untrained), with);
    }

    void theNextStageBeginsWithTheCoder() {
        TrainingConfig config = test::tinyTraining();
        config.stage = TrainingStage::Autoencoder;
        Run coder(config);
        VERIFY_OK(coder.train());
        config.stage = TrainingStage::Joint;
        Run next(config);
        auto parts = next.parts();
        parts.begin = [&](TrainingNetworks& networks) {
            return beginFromState(
                *CheckpointStore(coder.parts().folder / "checkpoints", 2).latest(), networks);
        };
        const auto trainer = Trainer::create(config, parts);
        VERIFY_OK(trainer);
        const auto first = [](TrainingNetworks& networks) {
            return networks.networks->vae->parameters().front().detach().clone();
        };
        torch::Tensor averaged;
        VERIFY_OK(coder.trainer->withAverage([&](TrainingNetworks& networks) -> Status {
            averaged = first(networks);
            return ok();
        }));
        QVERIFY(torch::equal(first((*trainer)->networks()), averaged));
        QVERIFY(!torch::equal(first(coder.trainer->networks()), averaged));
    }

    void theLatentsScaleIsMeasuredOnlyOnce() {
        TrainingConfig config = test::tinyTraining();
        config.measureScale = true;
        const auto scaleOf = [](Run& run) -> double {
            const auto trainer = Trainer::create(run.config, run.parts());
            return trainer ? (*trainer)->networks().config().vae.scale : 0;
        };
        Run first(config);
        const double measured = scaleOf(first);
        QVERIFY(measured > 0 && measured != nn::VaeConfig{}.scale);
        config.networks.vae.scale = 0.5; // as a training before this one wrote it
        Run next(config);
        QCOMPARE(scaleOf(next), 0.5);
    }

    void trainsInBrainFloats() {
        TrainingConfig config = test::tinyTraining();
        config.precision = TrainingPrecision::BFloat16;
        Run whole(config), parts(config);
        VERIFY_OK(whole.train());
        QVERIFY(!parts.train(2));
        VERIFY_OK(parts.train());
        QCOMPARE(test::firstDifference(whole.trainer->parameters(), parts.trainer->parameters()),
                 std::string());
    }

    void computingLayersAgainChangesNothing() {
        TrainingConfig config = test::tinyTraining();
        Run kept(config);
        config.recompute = true;
        Run again(config);
        VERIFY_OK(kept.train());
        VERIFY_OK(again.train());
        const double difference =
            test::largestDifference(kept.trainer->parameters(), again.trainer->parameters());
        QVERIFY2(difference < 2e-6, std::to_string(difference).c_str());
    }

    void beginsWithAPictureNetworkThatKnowsFewerConditions() {
        QTemporaryDir folder;
        TrainingConfig narrow = test::tinyTraining(), wide = narrow;
        narrow.networks.scene = narrow.networks.occluder = false;
        narrow.networks.denoiser.inChannels = 4;
        narrow.networks.denoiser.motion = false;
        narrow.stage = TrainingStage::Frames;
        narrow.seed = 99;
        const auto device = torch::Device(torch::kCPU);
        const auto given = TrainingNetworks::create(narrow, test::squareBody(), device);
        auto begun = TrainingNetworks::create(wide, test::squareBody(), device);
        const auto untouched = TrainingNetworks::create(wide, test::squareBody(), device);
        VERIFY_OK(given);
        VERIFY_OK(begun);
        VERIFY_OK(untouched);
        const fs::path path = folder.path().toStdString();
        VERIFY_OK(exportNetworks(*given, narrow, path, false));
        InitialFiles files;
        files.unet = path / "denoiser.safetensors";
        files.vae = path / "vae.safetensors";
        VERIFY_OK(beginFromFiles(files, *begun));
        std::map<std::string, torch::Tensor> theirs, before;
        for (const auto& [name, tensor] : given->all())
            theirs[name] = tensor;
        for (const auto& [name, tensor] : untouched->all())
            before[name] = tensor;
        for (const auto& [name, tensor] : begun->all()) {
            if (name == "denoiser.conv_in.weight") {
                QVERIFY(torch::equal(tensor.narrow(1, 0, 4), theirs[name]));
                QVERIFY(tensor.narrow(1, 4, 8).abs().max().item<float>() == 0);
            } else if (name.starts_with("vae.") ||
                       (name.starts_with("denoiser.") &&
                        name.find("motion_modules") == std::string::npos)) {
                QVERIFY2(torch::equal(tensor, theirs[name]), name.c_str());
            } else if (name.starts_with("reference.")) {
                const auto same = "denoiser." + name.substr(10);
                QVERIFY2(torch::equal(tensor, theirs[same]), name.c_str());
            } else {
                QVERIFY2(torch::equal(tensor, before[name]), name.c_str());
            }
        }
        files.unet = path / "vae.safetensors";
        QVERIFY(!beginFromFiles(files, *begun));
    }

    void drawsASheetOfSamples() {
        TrainingConfig config = test::tinyTraining();
        config.samplesEvery = 3;
        Run run(config);
        auto parts = run.parts();
        std::vector<std::int64_t> drawn;
        const auto clip = *run.clips.clip(5, 5, config.frames);
        parts.samples = [&](TrainingNetworks& networks, const TrainingStep& work,
                            std::int64_t step) -> Status {
            drawn.push_back(step);
            SampleSettings settings;
            settings.steps = 3;
            STRATA_ASSIGN(const auto sheet,
                          sampleSheet(networks, work, config, {&clip, 1}, settings));
            const bool fits = sheet.width() == 3 * 16 && sheet.height() == 2 * 16;
            return fits ? ok() : Status(Error{ErrorCode::Internal, "The sheet has a wrong size."});
        };
        const auto trainer = Trainer::create(config, parts);
        VERIFY_OK(trainer);
        VERIFY_OK((*trainer)->run({}));
        QCOMPARE(drawn, (std::vector<std::int64_t>{3, 6}));
        VERIFY_OK(run.train());
    }

    void keepsTheLastCheckpointsAndTheWholeLog() {
        TrainingConfig config = test::tinyTraining();
        config.checkpointEvery = 1;
        config.keep = 2;
        Run run(config);
        VERIFY_OK(run.train());
        int files = 0;
        for ([[maybe_unused]] const auto& file :
             fs::directory_iterator(run.parts().folder / "checkpoints"))
            ++files;
        QCOMPARE(files, 2);
        const auto log = readTrainingLog(run.parts().folder / "log.jsonl");
        VERIFY_OK(log);
        QCOMPARE(log->size(), std::size_t(6));
        QCOMPARE(log->back().step, 6);
        QVERIFY(log->back().norm > 0 && std::isfinite(log->back().loss));
    }

    void refusesAFolderOfOtherNetworks() {
        TrainingConfig config = test::tinyTraining();
        config.steps = 1;
        Run run(config);
        VERIFY_OK(run.train());
        run.config.stage = TrainingStage::Frames;
        const auto other = run.train();
        QVERIFY(!other && other.error().code == ErrorCode::Usage);
        QVERIFY(other.error().message.find("stage") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTrainer)
#include "test_trainer.moc"
