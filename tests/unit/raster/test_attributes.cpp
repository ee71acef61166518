// SPDX-License-Identifier: Apache-2.0
#include "engine/core/parallel.h"
#include "engine/raster/motion_code.h"
#include "engine/raster/resolve.h"
#include "tests/unit/raster/meshes.h"

#include <QTest>

#include <random>

using namespace strata;
using strata::test::sphere;

namespace {

constexpr RasterCamera kCamera{96, 80, 80.f, 80.f, 48.f, 40.f, 0.05f};

std::vector<float> noise(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(-1.f, 1.f);
    std::vector<float> values(count);
    for (auto& value : values)
        value = uniform(random);
    return values;
}

} // namespace

class TestAttributes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void positionsAsAttributesLieOnTheirRays() {
        const auto mesh = sphere(12, 16, 1.f, 3.f);
        RasterBuffers raster;
        rasterize(mesh.vertices, mesh.faces, kCamera, {}, raster);
        const ImageF position = interpolate(raster, mesh.faces, mesh.vertices, 3);
        for (int y = 0; y < 80; ++y)
            for (int x = 0; x < 96; ++x) {
                const float* p = position.pixel(x, y);
                if (raster.face[std::size_t(y) * 96 + x] < 0) {
                    QCOMPARE(p[2], 0.f);
                    continue;
                }
                QVERIFY(std::abs(80 * p[0] / p[2] + 48 - (x + 0.5f)) < 1e-3f);
                QVERIFY(std::abs(80 * p[1] / p[2] + 40 - (y + 0.5f)) < 1e-3f);
                QVERIFY(std::abs(p[2] - raster.depth[std::size_t(y) * 96 + x]) < 1e-5f);
            }
    }

    void backgroundFillsWhatNoFaceCovers() {
        RasterBuffers raster;
        rasterize({}, {}, kCamera, {}, raster);
        const std::array<float, 5> background{1, 2, 3, 4, 5};
        const ImageF image = interpolate(raster, {}, {}, 5, background);
        QCOMPARE(image.at(95, 79, 4), 5.f);
        QCOMPARE(image.at(0, 0, 0), 1.f);
    }

    void theGradientIsThatOfFiniteDifferences() {
        const auto mesh = sphere(6, 8, 1.f, 3.f);
        RasterBuffers raster;
        rasterize(mesh.vertices, mesh.faces, kCamera, {}, raster);
        for (const int channels : {1, 3, 7}) {
            const auto count = mesh.vertices.size() / 3 * std::size_t(channels);
            auto attributes = noise(count, 3);
            const auto weight = noise(raster.face.size() * std::size_t(channels), 4);
            const auto loss = [&] {
                const ImageF image = interpolate(raster, mesh.faces, attributes, channels);
                double sum = 0;
                for (std::size_t i = 0; i < image.count(); ++i)
                    sum += double(image.data()[i]) * weight[i];
                return sum;
            };
            std::vector<float> gradient(count, 0.f);
            interpolateBackward(raster, mesh.faces, weight, channels, gradient);
            int nonZero = 0;
            for (std::size_t i = 0; i < count; i += 3) {
                const float old = attributes[i];
                attributes[i] = old + 0.5f; // linear: the step may be large
                const double up = loss();
                attributes[i] = old - 0.5f;
                const double down = loss();
                attributes[i] = old;
                QVERIFY2(std::abs(up - down - gradient[i]) < 1e-3,
                         qPrintable(QString("%1 against %2").arg(up - down).arg(gradient[i])));
                nonZero += gradient[i] != 0;
            }
            QVERIFY(nonZero > 5);
        }
    }

    void theGradientDoesNotDependOnThreads() {
        const auto mesh = sphere(40, 40, 1.f, 2.5f);
        RasterBuffers raster;
        rasterize(mesh.vertices, mesh.faces, kCamera, {}, raster);
        const auto grad = noise(raster.face.size() * 3, 5);
        std::vector<float> threads(mesh.vertices.size(), 0.25f);
        std::vector<float> serial = threads;
        interpolateBackward(raster, mesh.faces, grad, 3, threads);
        parallelFor(0, 2, 1, [&](std::int64_t begin, std::int64_t) {
            if (begin == 0)
                interpolateBackward(raster, mesh.faces, grad, 3, serial);
        });
        QVERIFY(threads == serial);
    }

    void resolvingAveragesBlocks() {
        ImageF samples(4, 2, 1);
        for (int i = 0; i < 8; ++i)
            samples.data()[i] = float(i);
        const ImageF pixels = resolve(samples, 2);
        QCOMPARE(pixels.size(), (Size{2, 1}));
        QCOMPARE(pixels.at(0, 0), (0 + 1 + 4 + 5) / 4.f);
        QCOMPARE(pixels.at(1, 0), (2 + 3 + 6 + 7) / 4.f);
    }

    void coverageIsTheAreaInsideAPixel() {
        const auto mesh = sphere(40, 60, 1.f, 3.f);
        RasterBuffers raster;
        rasterize(mesh.vertices, mesh.faces, supersampled(kCamera, 4), {}, raster);
        const ImageF coverage = resolveCoverage(raster, 4);
        QCOMPARE(coverage.size(), (Size{96, 80}));
        double area = 0;
        for (std::size_t i = 0; i < coverage.count(); ++i)
            area += coverage.data()[i];
        const double radius = 80 * std::tan(std::asin(1. / 3));
        QVERIFY(std::abs(area / (M_PI * radius * radius) - 1) < 0.01);
    }

    void motionCodesBlendToBlackAtTheOutline() {
        const auto mesh = sphere(40, 60, 1.f, 3.f);
        const std::vector<float> white(mesh.vertices.size(), 1.f);
        const ImageU8 code = renderMotionCodeRgb(mesh.vertices, mesh.faces, white, kCamera);
        QCOMPARE(int(code.at(48, 40, 1)), 255);
        QCOMPARE(int(code.at(0, 0, 1)), 0);
        bool levels[5] = {};
        for (std::size_t i = 0; i < code.count(); ++i) {
            const int quarter = int(std::lround(code.data()[i] / 63.75));
            QVERIFY(std::abs(code.data()[i] - quarter * 63.75) < 1);
            levels[quarter] = true;
        }
        for (const bool seen : levels)
            QVERIFY(seen);
    }

    void theDefaultCodeIsDifferentEverywhereAndNeverDark() {
        const auto mesh = sphere(10, 20, 1.f, 3.f);
        const auto code = defaultMotionCode(mesh.vertices);
        QCOMPARE(code.size(), mesh.vertices.size());
        QCOMPARE(*std::min_element(code.begin(), code.end()), 0.15f);
        QVERIFY(*std::max_element(code.begin(), code.end()) < 0.9501f);
        for (std::size_t i = 20 * 3; i + 3 < code.size() - 20 * 3; i += 3) // without the poles
            QVERIFY(code[i] != code[i + 3] || code[i + 2] != code[i + 5]);
    }
};

QTEST_GUILESS_MAIN(TestAttributes)
#include "test_attributes.moc"
