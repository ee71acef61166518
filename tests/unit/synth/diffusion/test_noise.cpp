// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/seeded_noise.h"
#include "engine/synth/diffusion/torch_noise.h"

#include "tests/unit/synth/diffusion/golden.h"

using namespace strata;

class TestNoise : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void releaseNoiseEqualsThePublishedDraws() {
        NEEDS_GOLDEN(data, "08_noise_seed42");
        for (const auto& [name, array] : data) {
            const bool half = name.find("float16") != std::string::npos;
            const auto expected = stackOf(array);
            TorchNormals normals(42);
            const auto drawn = releaseNoise(normals, expected.frames(), expected.shape(),
                                            half ? Arithmetic::Half : Arithmetic::Float);
            const auto d = difference(drawn.values(), expected.values(), name.c_str());
            QVERIFY(d.largest <= (half ? 0.0 : 2e-6));
        }
    }

    void theNoiseOfEndToEndCasesIsSeed42() {
        for (const char* name : {"12_e2e_64x64_f30_s4", "12_e2e_w72h104_f6_s3"}) {
            NEEDS_GOLDEN(data, name);
            const auto expected = stackOf(data.at("in/noise"));
            TorchNormals normals(42);
            const auto drawn =
                releaseNoise(normals, expected.frames(), expected.shape(), Arithmetic::Float);
            QVERIFY(difference(drawn.values(), expected.values(), name).largest <= 2e-6);
        }
    }

    void aFramesNoiseDependsOnItsNumberAlone() {
        const FrameShape shape{4, 7, 5};
        const auto all = seededNoise({7, 0, 0}, 40, shape);
        const auto part = seededNoise({7, 0, 30}, 3, shape);
        for (int f = 0; f < 3; ++f)
            QVERIFY(std::ranges::equal(part.frame(f), all.frame(30 + f)));
        QVERIFY(!std::ranges::equal(all.frame(0), all.frame(1)));
        QVERIFY(!(seededNoise({8, 0, 0}, 40, shape) == all));
        QVERIFY(!(seededNoise({7, 1, 0}, 40, shape) == all));
        QVERIFY(seededNoise({7, 0, 0}, 40, shape) == all);
    }

    void seededNoiseIsNormal() {
        const auto noise = seededNoise({42, 0, 0}, 24, {4, 98, 98});
        double sum = 0, squares = 0, fourth = 0, neighbours = 0, frames = 0;
        const auto& v = noise.values();
        const std::size_t frame = noise.shape().count();
        for (std::size_t i = 0; i < v.size(); ++i) {
            sum += v[i];
            squares += double(v[i]) * v[i];
            fourth += double(v[i]) * v[i] * v[i] * v[i];
            if (i + 1 < v.size())
                neighbours += double(v[i]) * v[i + 1];
            if (i + frame < v.size())
                frames += double(v[i]) * v[i + frame];
        }
        const double n = double(v.size());
        QVERIFY(std::abs(sum / n) < 0.005);
        QVERIFY(std::abs(squares / n - 1.0) < 0.01);
        QVERIFY(std::abs(fourth / n - 3.0) < 0.05);
        QVERIFY(std::abs(neighbours / n) < 0.005);
        QVERIFY(std::abs(frames / n) < 0.005);
    }
};

QTEST_APPLESS_MAIN(TestNoise)
#include "test_noise.moc"
