// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/core/atomic_file.h"
#include "engine/train/trainer/frozen_results.h"
#include "engine/train/trainer/loss_curve.h"
#include "engine/train/trainer/packed_clips.h"
#include "tests/unit/train/made_up_clips.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <map>
#include <set>

using namespace strata;
namespace fs = std::filesystem;

class TestTrainingParts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void settingsAreReadBackAsTheyWere() {
        for (const char* name : {"tiny", "small", "paper", "official"}) {
            auto config = TrainingConfig::named(name);
            QVERIFY(config);
            config->rate = 1.0 / 3;
            config->stage = TrainingStage::Clips;
            const auto text = settingsText(config->settings());
            const auto parsed = parseSettings(text, "The text");
            QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
            const auto back = TrainingConfig::from(*parsed);
            QVERIFY2(back, back ? "" : back.error().message.c_str());
            QVERIFY(back->settings() == config->settings());
            QCOMPARE(back->rate, 1.0 / 3);
            QVERIFY(back->stage == TrainingStage::Clips);
        }
    }

    void wrongSettingsAreNamed_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown") << "{\"speed\": 3}"
                                 << "speed";
        QTest::newRow("type") << "{\"batch\": \"many\"}"
                              << "batch";
        QTest::newRow("fraction") << "{\"batch\": 2.5}"
                                  << "batch";
        QTest::newRow("choice") << "{\"precision\": \"fp8\"}"
                                << "bf16";
        QTest::newRow("nested") << "{\"networks\": {\"vae\": {\"colour\": 1}}}"
                                << "networks.vae.colour";
        QTest::newRow("cut off") << "{\"rate\": 1e-3"
                                 << "rate";
        QTest::newRow("range") << "{\"beta1\": 2}"
                               << "optimiser";
    }
    void wrongSettingsAreNamed() {
        QFETCH(QString, text);
        QFETCH(QString, named);
        const auto parsed = parseSettings(text.toStdString(), "The text");
        const auto config =
            parsed ? TrainingConfig::from(*parsed) : Result<TrainingConfig>(parsed.error());
        QVERIFY(!config);
        QVERIFY2(QString::fromStdString(config.error().message).contains(named),
                 config.error().message.c_str());
    }

    void theRateRisesAndFalls() {
        TrainingConfig config;
        config.rate = 1;
        config.warmUp = 10;
        config.steps = 110;
        config.lastRate = 0.1;
        QCOMPARE(config.rateAt(0), 0.1);
        QCOMPARE(config.rateAt(9), 1.0);
        QCOMPARE(config.rateAt(10), 1.0);
        QVERIFY(std::abs(config.rateAt(60) - 0.55) < 1e-12);
        QVERIFY(std::abs(config.rateAt(110) - 0.1) < 1e-12);
        QVERIFY(config.decayAt(1) < 0.2 && config.decayAt(1000000) == config.emaDecay);
    }

    void updatesAreThoseOfAdamW() {
        std::vector<torch::Tensor> theirs;
        NamedTensors ours;
        for (const int size : {3, 70, 129}) {
            const auto values = torch::randn({size, 2});
            theirs.push_back(values.clone().requires_grad_(true));
            ours.emplace_back(std::to_string(size), values.clone().requires_grad_(true));
        }
        FlatParameters flat(ours, true);
        torch::optim::AdamW optimiser(
            theirs, torch::optim::AdamWOptions(1e-2).weight_decay(0.1).betas({0.8, 0.99}));
        for (int step = 1; step <= 5; ++step) {
            flat.clearGradients();
            optimiser.zero_grad();
            for (std::size_t i = 0; i < theirs.size(); ++i) {
                const auto factor = torch::randn_like(theirs[i]);
                (theirs[i] * factor).square().sum().backward();
                (ours[i].second * factor).square().sum().backward();
            }
            optimiser.step();
            flat.update({1e-2, 0.8, 0.99, 1e-8, 0.1, step}, 1);
            flat.average(0.5);
        }
        for (std::size_t i = 0; i < theirs.size(); ++i)
            QVERIFY(torch::allclose(theirs[i], ours[i].second, 1e-5, 1e-6));
        const auto values = ours[1].second.detach().clone();
        flat.swapAverage();
        QVERIFY(!torch::equal(values, ours[1].second));
        flat.swapAverage();
        QVERIFY(torch::equal(values, ours[1].second));
    }

    void whatFrozenNetworksMadeIsKept() {
        int calls = 0;
        const auto network = [&](const torch::Tensor& bytes) {
            ++calls;
            return bytes.to(torch::kFloat32) * 2; // 24 bytes
        };
        FrozenResults results(60);
        const auto first = torch::tensor({1, 2, 3, 4, 5, 6}, torch::kUInt8);
        const auto made = results.of(first, network);
        QVERIFY(torch::equal(results.of(first.clone(), network), made));
        QCOMPARE(calls, 1);
        const auto turned = results.of(first.view({2, 3}), network); // the same bytes
        QCOMPARE(calls, 2);
        QCOMPARE(turned.sizes().vec(), (std::vector<std::int64_t>{2, 3}));
        const auto columns = torch::tensor({1, 4, 2, 5, 3, 6}, torch::kUInt8).view({3, 2}).t();
        QVERIFY(torch::equal(results.of(columns, network), turned));
        QCOMPARE(calls, 2);
        const auto other = first + 1; // no room is left
        QVERIFY(torch::equal(results.of(other, network), made + 2));
        QVERIFY(torch::equal(results.of(other, network), made + 2));
        QCOMPARE(calls, 4);
        QCOMPARE(results.kept(), std::size_t(2));
    }

    void packedClipsAreReadAsWritten() {
        QTemporaryDir folder;
        test::MadeUpClips made;
        const fs::path path = fs::path(folder.path().toStdString());
        std::map<int, int> seen;
        for (std::uint64_t i = 0; i < 5; ++i) {
            auto clip = *made.clip(1, i, 4);
            clip.frames.fill_(std::int64_t(i));
            QVERIFY(writePackedClip(path / (std::to_string(i) + ".safetensors"), clip));
            const auto back = readPackedClip(path / (std::to_string(i) + ".safetensors"));
            QVERIFY2(back, back ? "" : back.error().message.c_str());
            QVERIFY(torch::equal(back->vertices, clip.vertices));
            QVERIFY(torch::equal(back->identity, clip.identity));
            QVERIFY(!back->motion.defined());
        }
        const auto clips = PackedClips::open(path);
        QVERIFY(clips);
        std::set<std::vector<int>> orders;
        for (std::uint64_t round = 0; round < 4; ++round) {
            std::vector<int> order;
            for (std::uint64_t i = 0; i < 5; ++i) {
                const auto clip = (*clips)->clip(7, round * 5 + i, 3);
                QVERIFY(clip);
                QCOMPARE(clip->frames.size(0), 3);
                order.push_back(clip->frames.flatten()[0].item<int>());
                ++seen[order.back()];
            }
            orders.insert(order);
        }
        QCOMPARE(seen.size(), std::size_t(5));
        for (const auto& [clip, times] : seen)
            QCOMPARE(times, 4);
        QVERIFY(orders.size() > 1);
    }

    void shortClipsPlayForthAndBack() {
        TrainingClip clip;
        clip.frames = torch::arange(3, torch::kUInt8).view({3, 1, 1, 1}).expand({3, 8, 8, 3});
        const auto part = partOf(clip, 0, 7);
        const std::vector<int> wanted{0, 1, 2, 1, 0, 1, 2};
        for (int i = 0; i < 7; ++i)
            QCOMPARE(part.frames[i].flatten()[0].item<int>(), wanted[std::size_t(i)]);
    }

    void clipsOfWrongShapesAreRefused() {
        const auto whole = *test::MadeUpClips().clip(1, 1, 2);
        QVERIFY(check(whole, "It"));
        auto wrong = whole;
        wrong.frames = whole.frames.narrow(1, 0, 12);
        QVERIFY(!check(wrong, "It"));
        wrong = whole;
        wrong.cameras = whole.cameras.narrow(0, 0, 1);
        QVERIFY(!check(wrong, "It"));
        wrong = whole;
        wrong.scene = whole.scene.to(torch::kFloat32);
        QVERIFY(!check(wrong, "It"));
    }

    void aLogGoesOnWhereTheTrainingDoes() {
        QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "log.jsonl";
        {
            auto log = TrainingLog::open(path, 0);
            QVERIFY(log);
            for (int step = 1; step <= 5; ++step)
                QVERIFY(log->add({step, 1.0 / step, 1e-4, 1, 0.1, 40, 1, step == 2}));
        }
        auto half = readFile(path);
        QVERIFY(half);
        QVERIFY(writeFileAtomically(path, *half + "{\"step\": 6, \"lo"));
        {
            auto log = TrainingLog::open(path, 3);
            QVERIFY2(log, log ? "" : log.error().message.c_str());
            QVERIFY(log->add({4, 0.5, 1e-4, 1, 0.1, 40, 1, false}));
        }
        const auto records = readTrainingLog(path);
        QVERIFY(records);
        QCOMPARE(records->size(), std::size_t(4));
        QCOMPARE(records->back().loss, 0.5);
        QVERIFY((*records)[1].skipped && !(*records)[2].skipped);
    }

    void theCurveShowsTheLossFalling() {
        std::vector<StepRecord> records;
        for (int i = 1; i <= 400; ++i)
            records.push_back(
                {i, std::exp(-i / 100.0) + 0.05 * std::sin(i), 1e-4, 1, 1, 1, 1, false});
        const auto picture = lossCurve(records);
        const auto middleOf = [&](int x) { // mean height of the strong line in a column
            double sum = 0, count = 0;
            for (int y = 0; y < picture.height() * 7 / 10; ++y)
                if (picture.at(x, y, 0) == 20 && picture.at(x, y, 2) == 180) {
                    sum += y;
                    ++count;
                }
            return count > 0 ? sum / count : -1;
        };
        QVERIFY(middleOf(100) > 0);
        QVERIFY(middleOf(100) < middleOf(400) && middleOf(400) < middleOf(900));
        const auto empty = lossCurve({});
        QVERIFY(std::all_of(empty.data(), empty.data() + empty.count(),
                            [](std::uint8_t value) { return value == 255; }));
    }

    void theEnvironmentSaysWhoTrains() {
        std::map<std::string, std::string> given;
        const auto variable = [&](const char* name) -> const char* {
            const auto found = given.find(name);
            return found == given.end() ? nullptr : found->second.c_str();
        };
        QVERIFY(placeFromEnvironment(variable) && !*placeFromEnvironment(variable));
        given = {{"WORLD_SIZE", "4"}, {"RANK", "2"}, {"MASTER_ADDR", "host"}, {"MASTER_PORT", "7"}};
        auto place = placeFromEnvironment(variable);
        QVERIFY(place && *place);
        QCOMPARE((*place)->rank, 2);
        QCOMPARE((*place)->port, 7);
        given["RANK"] = "4";
        QVERIFY(!placeFromEnvironment(variable));
        given["RANK"] = "x";
        QVERIFY(!placeFromEnvironment(variable));
        given = {{"SLURM_NTASKS", "8"},
                 {"SLURM_PROCID", "7"},
                 {"SLURM_LOCALID", "1"},
                 {"SLURM_JOB_ID", "12345"},
                 {"SLURM_LAUNCH_NODE_IPADDR", "10.0.0.1"}};
        place = placeFromEnvironment(variable);
        QVERIFY(place && *place);
        QCOMPARE((*place)->local, 1);
        QCOMPARE((*place)->port, 29500 + 345);
        QCOMPARE((*place)->host, std::string("10.0.0.1"));
    }
};

QTEST_GUILESS_MAIN(TestTrainingParts)
#include "test_training_parts.moc"
