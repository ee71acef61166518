// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/rasterizer.h"

#include "engine/core/parallel.h"
#include "engine/raster/tile_kernel.h"
#include "tests/unit/raster/meshes.h"

#include <QElapsedTimer>
#include <QTest>

#include <limits>
#include <random>

using namespace strata;
using strata::test::Mesh;
using strata::test::sphere;

namespace {

constexpr RasterCamera kCamera{64, 48, 50.f, 50.f, 32.f, 24.f, 0.05f};
constexpr RasterOptions kBothSides{64, false};

RasterBuffers draw(const Mesh& mesh, const RasterCamera& camera,
                   const RasterOptions& options = {}) {
    RasterBuffers out;
    rasterize(mesh.vertices, mesh.faces, camera, options, out);
    return out;
}

int covered(const RasterBuffers& raster) {
    return int(
        std::count_if(raster.face.begin(), raster.face.end(), [](auto f) { return f >= 0; }));
}

bool same(const RasterBuffers& a, const RasterBuffers& b) {
    return a.face == b.face && a.barycentric == b.barycentric && a.depth == b.depth;
}

} // namespace

class TestRasterizer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTriangleMatchesItsRays() {
        // Slanted: every sample is compared with the ray through it, solved with Cramer's rule.
        const Mesh mesh{{-1.f, -0.8f, 3.f, 1.2f, -0.5f, 2.f, 0.1f, 0.9f, 5.f}, {0, 1, 2}};
        const auto raster = draw(mesh, kCamera, kBothSides);
        int inside = 0;
        for (int y = 0; y < kCamera.height; ++y)
            for (int x = 0; x < kCamera.width; ++x) {
                const double d[3] = {(x + 0.5 - 32) / 50, (y + 0.5 - 24) / 50, 1};
                const auto* v = mesh.vertices.data();
                const auto det = [](const auto* a, const auto* b, const auto* c) {
                    return double(a[0]) * (double(b[1]) * c[2] - double(b[2]) * c[1]) -
                           double(a[1]) * (double(b[0]) * c[2] - double(b[2]) * c[0]) +
                           double(a[2]) * (double(b[0]) * c[1] - double(b[1]) * c[0]);
                };
                const double e[3] = {det(d, v + 3, v + 6), det(v, d, v + 6), det(v, v + 3, d)};
                const double sum = e[0] + e[1] + e[2];
                const bool hit = e[0] / sum > 1e-9 && e[1] / sum > 1e-9 && e[2] / sum > 1e-9;
                const auto at = std::size_t(y) * 64 + x;
                QCOMPARE(raster.face[at], hit ? 0 : -1);
                if (!hit)
                    continue;
                ++inside;
                QVERIFY(std::abs(raster.barycentric[at * 2] - e[0] / sum) < 1e-5);
                QVERIFY(std::abs(raster.barycentric[at * 2 + 1] - e[1] / sum) < 1e-5);
                QVERIFY(std::abs(raster.depth[at] - det(v, v + 3, v + 6) / sum) < 1e-4);
            }
        QVERIFY(inside > 300);
    }

    void facesThatShareEdgesDrawEachSampleOnce() {
        // A jittered grid over the whole picture, some of its corners exactly on sample centres.
        std::mt19937 random(1);
        std::uniform_real_distribution<float> jitter(-0.3f, 0.3f);
        for (const bool onCentres : {true, false}) {
            Mesh mesh;
            const int n = 9;
            for (int j = 0; j <= n; ++j)
                for (int i = 0; i <= n; ++i) {
                    const bool border = i == 0 || j == 0 || i == n || j == n;
                    const float dx = border || onCentres ? 0 : jitter(random) * 8;
                    const float dy = border || onCentres ? 0 : jitter(random) * 6;
                    const float u = border ? float(i) * 66.f / n - 1.f : float(i * 7) + 0.5f + dx;
                    const float v = border ? float(j) * 50.f / n - 1.f : float(j * 5) + 0.5f + dy;
                    const float z = onCentres ? 2.f : 2.f + jitter(random);
                    mesh.vertices.insert(mesh.vertices.end(),
                                         {(u - 32) / 50 * z, (v - 24) / 50 * z, z});
                }
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < n; ++i) {
                    const auto a = std::uint32_t(j * (n + 1) + i);
                    mesh.faces.insert(mesh.faces.end(),
                                      {a, a + 1, a + n + 1, a + 1, a + n + 2, a + n + 1});
                }
            std::vector<int> hits(64 * 48, 0);
            for (std::size_t f = 0; f < mesh.faces.size(); f += 3) {
                const Mesh one{mesh.vertices,
                               {mesh.faces.begin() + long(f), mesh.faces.begin() + long(f) + 3}};
                const auto raster = draw(one, kCamera, kBothSides);
                for (std::size_t i = 0; i < hits.size(); ++i)
                    hits[i] += raster.face[i] >= 0;
            }
            for (const int count : hits)
                QCOMPARE(count, 1);
        }
    }

    void edgesOnSampleCentresFollowTheTopLeftRule() {
        // The square from centre (10.5, 10.5) to (14.5, 14.5) owns its top and left edges only.
        const auto at = [](float u, float v) {
            return std::array{(u - 32) / 50, (v - 24) / 50, 1.f};
        };
        Mesh mesh;
        for (const auto& p :
             {at(10.5f, 10.5f), at(14.5f, 10.5f), at(14.5f, 14.5f), at(10.5f, 14.5f)})
            mesh.vertices.insert(mesh.vertices.end(), p.begin(), p.end());
        mesh.faces = {0, 1, 2, 0, 2, 3};
        RasterCamera camera = kCamera;
        camera.fx = camera.fy = 64.f; // powers of two keep the numbers exact
        for (auto i = 0u; i < 4; ++i) {
            mesh.vertices[i * 3] *= 50.f / 64.f;
            mesh.vertices[i * 3 + 1] *= 50.f / 64.f;
        }
        const auto raster = draw(mesh, camera, kBothSides);
        QCOMPARE(covered(raster), 16);
        QVERIFY(raster.face[10 * 64 + 10] >= 0);
        QVERIFY(raster.face[14 * 64 + 14] < 0);
    }

    void backFacesAreCulledUnlessAskedFor() {
        const Mesh front{{0, 1, 3, 1, -1, 3, -1, -1, 3}, {0, 2, 1}};
        const Mesh back{front.vertices, {0, 1, 2}};
        QVERIFY(covered(draw(front, kCamera)) == 0 || covered(draw(back, kCamera)) == 0);
        QVERIFY(covered(draw(front, kCamera)) + covered(draw(back, kCamera)) > 100);
        QCOMPARE(covered(draw(front, kCamera, kBothSides)),
                 covered(draw(back, kCamera, kBothSides)));
        // Counter-clockwise from outside: the near half of the sphere is what is seen.
        const auto ball = sphere(16, 32, 1.f, 4.f);
        for (const float z : draw(ball, kCamera).depth)
            QVERIFY(z > 2.9f && (z < 4.f || std::isinf(z)));
    }

    void aFloorThatRunsBehindTheCameraIsCutAtTheNearPlane() {
        const float h = 1.f;
        const Mesh mesh{{-100, h, -50, 100, h, -50, 0, h, 200}, {0, 1, 2}};
        RasterCamera camera = kCamera;
        camera.nearPlane = 2.5f; // the floor 2.5 m ahead is seen at v = 24 + 50 / 2.5 = 44
        const auto raster = draw(mesh, camera, kBothSides);
        for (int y = 0; y < 48; ++y) {
            const double v = y + 0.5 - 24;
            const double z = v > 0 ? 50 * h / v : 0;
            const bool expected = z >= 2.5 && z < 190;
            const auto at = std::size_t(y) * 64 + 32;
            if (z < 190)
                QCOMPARE(raster.face[at] >= 0, expected);
            if (expected)
                QVERIFY(std::abs(raster.depth[at] - z) < 1e-3 * z);
        }
    }

    void theNearerFaceWinsAndTiesGoToTheFirst() {
        Mesh mesh{{-1, -1, 4, 1, -1, 4, 0, 1, 4, -1, -1, 2, 1, -1, 2, 0, 1, 2}, {0, 1, 2, 3, 4, 5}};
        auto raster = draw(mesh, kCamera, kBothSides);
        QCOMPARE(raster.face[24 * 64 + 32], 1);
        mesh.faces = {3, 4, 5, 3, 4, 5};
        raster = draw(mesh, kCamera, kBothSides);
        QCOMPARE(raster.face[24 * 64 + 32], 0);
    }

    void theResultDoesNotDependOnThreadsOrTiles() {
        const RasterCamera camera{333, 217, 260.f, 250.f, 160.2f, 110.7f, 0.05f};
        const auto mesh = sphere(60, 90, 1.f, 2.6f);
        const auto reference = draw(mesh, camera);
        QVERIFY(covered(reference) > 20000);
        for (const int tile : {8, 24, 128, 1024})
            QVERIFY(same(reference, draw(mesh, camera, {tile, true})));
        RasterBuffers serial;
        parallelFor(0, 2, 1, [&](std::int64_t begin, std::int64_t) {
            if (begin == 0) // inside a piece everything runs on this thread
                rasterize(mesh.vertices, mesh.faces, camera, {}, serial);
        });
        QVERIFY(same(reference, serial));
    }

    void everyKernelGivesTheSameBits() {
        const auto kernels = allTileKernels();
        QVERIFY(!kernels.empty());
        const auto mesh = sphere(20, 30, 1.f, 2.6f);
        std::vector<TileBuffers> tiles(kernels.size());
        for (std::size_t k = 0; k < kernels.size(); ++k) {
            tiles[k].reset({0, 0, 64, 48});
            TriangleSetup triangle;
            for (std::size_t f = 0; f < mesh.faces.size() / 3; ++f)
                if (setupTriangle(mesh.vertices, &mesh.faces[f * 3], std::int32_t(f), kCamera, {},
                                  triangle))
                    kernels[k](triangle, kCamera.nearPlane, tiles[k]);
            QVERIFY(tiles[k].face == tiles[0].face && tiles[k].depth == tiles[0].depth &&
                    tiles[k].first == tiles[0].first && tiles[k].second == tiles[0].second);
        }
    }

    void nonsenseCoversNothing() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float big = std::numeric_limits<float>::infinity();
        QCOMPARE(covered(draw({{0, 0, nan, 1, 0, 2, 0, 1, 2}, {0, 1, 2}}, kCamera, kBothSides)), 0);
        QCOMPARE(covered(draw({{0, 0, 2, big, 0, 2, 0, 1, 2}, {0, 1, 2}}, kCamera, kBothSides)), 0);
        QCOMPARE(covered(draw({{0, 0, 2, 1, 0, 2, 0, 1, 2}, {0, 1, 77}}, kCamera, kBothSides)), 0);
        QCOMPARE(covered(draw({{0, 0, 2, 0, 0, 2, 0, 1, 2}, {0, 1, 2}}, kCamera, kBothSides)), 0);
        QCOMPARE(covered(draw({{0, 0, -2, 1, 0, -2, 0, 1, -2}, {0, 1, 2}}, kCamera, kBothSides)),
                 0);
        QCOMPARE(draw({{0, 0, 2, 1, 0, 2, 0, 1, 2}, {0, 1, 2}}, {0, 0, 1, 1, 0, 0, 1}).face.size(),
                 0u);
    }

    void aBigMeshIsDrawnWhole() {
        // Half a million faces, most of them smaller than a pixel: no hole inside the outline.
        const RasterCamera camera{320, 240, 250.f, 250.f, 160.f, 120.f, 0.05f};
        const auto raster = draw(sphere(500, 500, 1.f, 3.f), camera);
        for (int y = 0; y < 240; ++y)
            for (int x = 0; x < 320; ++x)
                if (std::hypot(x + 0.5 - 160, y + 0.5 - 120) <
                    250 * std::tan(std::asin(1. / 3)) - 1.5)
                    QVERIFY(raster.face[std::size_t(y) * 320 + x] >= 0);
    }

    void speedIsPrinted() {
        const RasterCamera camera{1280, 720, 1000.f, 1000.f, 640.f, 360.f, 0.05f};
        const auto mesh = sphere(83, 83, 0.85f, 3.2f); // 13,778 faces, as many as the body
        RasterBuffers out;
        QElapsedTimer timer;
        timer.start();
        int frames = 0;
        for (; timer.elapsed() < 400; ++frames)
            rasterize(mesh.vertices, mesh.faces, camera, {}, out);
        qInfo("1280x720, %zu faces, %.0f%% covered: %.0f frames per second on %d threads",
              mesh.faces.size() / 3, 100.0 * covered(out) / double(out.face.size()),
              frames * 1000.0 / double(timer.elapsed()), workerCount());
        QVERIFY(covered(out) > 100000);
    }
};

QTEST_GUILESS_MAIN(TestRasterizer)
#include "test_rasterizer.moc"
