// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/body_sketch.h"

#include <QTest>

#include <cstdlib>

using namespace strata;

namespace {

/// Red grows to the right and green downwards, by 10 a pixel.
ImageU8 ramps(int side) {
    ImageU8 picture(side, side, 3);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            picture.at(x, y, 0) = std::uint8_t(10 * x);
            picture.at(x, y, 1) = std::uint8_t(10 * y);
            picture.at(x, y, 2) = 200;
        }
    return picture;
}

// A square before the camera, two metres away, that fills the middle 8 x 8 of 16 x 16 pixels.
constexpr RasterCamera kCamera{16, 16, 16, 16, 8, 8};
const std::vector<float> kSquare{-.5f, -.5f, 2, .5f, -.5f, 2, .5f, .5f, 2, -.5f, .5f, 2};
const std::vector<std::uint32_t> kBothSides{0, 1, 2, 0, 2, 3, 0, 2, 1, 0, 3, 2};

} // namespace

class TestBodySketch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theBodyTakesThePicturesColours() {
        // Twice as large in the picture as in the sketch, from (2, 2) to (18, 18).
        const PaintedBody paint{ramps(20), {2, 2, 18, 2, 18, 18, 2, 18}};
        const ImageU8 sketch = bodySketch(kSquare, kBothSides, paint, kCamera);
        QCOMPARE(sketch.size(), (Size{16, 16}));
        for (int y = 0; y < 16; ++y)
            for (int x = 0; x < 16; ++x) {
                const bool inside = x >= 4 && x < 12 && y >= 4 && y < 12;
                QCOMPARE(int(sketch.at(x, y, 2)), inside ? 200 : 0);
                if (!inside)
                    continue;
                // The middle of pixel x is at 2 + 2 (x + 0.5 - 4) in the picture.
                QVERIFY(std::abs(sketch.at(x, y, 0) - 10 * (2 * x - 5 - 0.5)) <= 1);
                QVERIFY(std::abs(sketch.at(x, y, 1) - 10 * (2 * y - 5 - 0.5)) <= 1);
            }
    }

    void placesBesideThePictureTakeItsEdge() {
        const PaintedBody paint{ramps(20), {-50, 5, -50, 5, -50, 5, -50, 5}};
        const ImageU8 sketch = bodySketch(kSquare, kBothSides, paint, kCamera);
        QCOMPARE(int(sketch.at(8, 8, 0)), 0);
        QCOMPARE(int(sketch.at(8, 8, 1)), 45);
    }

    void theBackLooksLikeTheFront() {
        const PaintedBody paint{ramps(20), {2, 2, 18, 2, 18, 18, 2, 18}};
        auto turned = kSquare; // half round its upright middle line: left and right change places
        for (std::size_t i = 0; i < turned.size(); i += 3)
            turned[i] = -turned[i];
        const ImageU8 front = bodySketch(kSquare, kBothSides, paint, kCamera);
        const ImageU8 back = bodySketch(turned, kBothSides, paint, kCamera);
        for (int y = 4; y < 12; ++y)
            for (int x = 4; x < 12; ++x)
                QVERIFY(std::abs(front.at(x, y, 0) - back.at(15 - x, y, 0)) <= 1);
    }
};

QTEST_GUILESS_MAIN(TestBodySketch)
#include "test_body_sketch.moc"
