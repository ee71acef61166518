// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/ddim.h"

#include "tests/unit/synth/diffusion/golden.h"

using namespace strata;

class TestDdim : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theScheduleHasThePublishedValues() {
        const DdimSchedule schedule;
        const std::pair<int, double> expected[] = {{0, 0.99915},      {39, 0.9602640},
                                                   {79, 0.9137611},   {479, 0.2699568},
                                                   {919, 1.78479e-3}, {959, 3.75153e-4}};
        for (const auto& [timestep, value] : expected)
            QVERIFY(std::abs(schedule.signalVariance(timestep) - value) < 1e-5);
        QCOMPARE(schedule.signalVariance(999), 0.f);
        QCOMPARE(schedule.signalVariance(-1), 1.f);
    }

    void timestepsTrailAndRoundHalfToEven() {
        const DdimSchedule schedule;
        const auto sixteen = schedule.timesteps(16);
        QVERIFY(bool(sixteen));
        QCOMPARE(std::vector<int>(sixteen->begin(), sixteen->begin() + 4),
                 (std::vector<int>{999, 937, 874, 811}));
        for (int steps = 1; steps <= 1000; ++steps) {
            const auto list = schedule.timesteps(steps);
            QVERIFY(bool(list));
            QCOMPARE(list->front(), 999);
            QVERIFY(list->back() >= 0);
        }
        QVERIFY(!schedule.timesteps(0));
        QVERIFY(!schedule.timesteps(1001));
    }

    void trajectoriesEqualThePublishedOnes_data() {
        QTest::addColumn<int>("steps");
        for (const int steps : {4, 25, 30, 50})
            QTest::addRow("%d steps", steps) << steps;
    }
    void trajectoriesEqualThePublishedOnes() {
        QFETCH(int, steps);
        NEEDS_GOLDEN(data, "08_ddim_" + std::to_string(steps) + "steps");
        const DdimSchedule schedule;
        const auto timesteps = schedule.timesteps(steps);
        QVERIFY(bool(timesteps));
        const auto expected = data.at("out/timesteps").toInts();
        QVERIFY(std::equal(expected.begin(), expected.end(), timesteps->begin(), timesteps->end()));
        QVERIFY(difference(schedule.signalVariances(), data.at("out/alphas_cumprod").toFloats(),
                           "alphas")
                    .largest <= 1e-6);
        QVERIFY(difference(schedule.betas(), data.at("out/betas").toFloats(), "betas").largest <=
                1e-6);
        follow(schedule, *timesteps, data, Arithmetic::Float, "out/trajectory", 1e-5);
        follow(schedule, *timesteps, data, Arithmetic::HalfOnCpu, "out/trajectory_fp16", 0.0);
        // With exact factors, as on graphics processors, it stays near.
        follow(schedule, *timesteps, data, Arithmetic::Half, "out/trajectory_fp16", 5e-2);
    }

    void theLastStepGivesTheCleanPicture() {
        const DdimSchedule schedule;
        const std::vector<float> v{0.5f, -1.25f, 2.f};
        std::vector<float> x{1.f, 0.25f, -0.5f}, clean(3);
        schedule.step(39, 25, v, x, clean);
        QCOMPARE(x, clean);
        std::vector<float> first{1.f, 0.25f, -0.5f};
        schedule.step(999, 25, v, first, clean); // only noise there: v is minus the picture
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(clean[i], -v[i]);
    }

private:
    static void follow(const DdimSchedule& schedule, const std::vector<int>& timesteps,
                       const ArrayMap& data, Arithmetic arithmetic, const char* name,
                       double limit) {
        auto x = data.at("in/noise").toFloats();
        auto outputs = data.at("in/model_outputs").toFloats();
        if (isHalf(arithmetic))
            for (auto* list : {&x, &outputs})
                for (float& value : *list)
                    value = roundedToHalf(value);
        std::vector<float> all, allClean, clean(x.size());
        for (std::size_t i = 0; i < timesteps.size(); ++i) {
            schedule.step(timesteps[i], int(timesteps.size()),
                          {outputs.data() + i * x.size(), x.size()}, x, clean, arithmetic);
            all.insert(all.end(), x.begin(), x.end());
            allClean.insert(allClean.end(), clean.begin(), clean.end());
        }
        QVERIFY(difference(all, data.at(name).toFloats(), name).largest <= limit);
        if (arithmetic == Arithmetic::Float)
            QVERIFY(difference(allClean, data.at("out/pred_original_sample").toFloats(), "clean")
                        .largest <= limit);
    }
};

QTEST_APPLESS_MAIN(TestDdim)
#include "test_ddim.moc"
