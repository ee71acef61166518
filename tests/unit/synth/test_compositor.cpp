// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/compositor.h"

#include <QTest>

#include <cmath>

using namespace strata;

namespace {

template <typename T>
Image<T> pattern(int width, int height, int seed) {
    Image<T> out(width, height, 3);
    std::uint32_t state = std::uint32_t(seed) * 747796405u + 1u;
    for (std::size_t i = 0; i < out.count(); ++i) {
        state = state * 1664525u + 1013904223u;
        out.data()[i] = T(state >> 12);
    }
    return out;
}

HumanLayer square(Size frame, RectI region, float color, float alpha) {
    HumanLayer layer;
    layer.frame = frame;
    layer.region = region;
    layer.rgba = ImageF(region.width(), region.height(), 4, color);
    for (std::size_t i = 3; i < layer.rgba.count(); i += 4)
        layer.rgba.data()[i] = alpha;
    layer.depth = ImageF(region.width(), region.height(), 1, 3.f);
    return layer;
}

template <typename T>
void checkPassThrough() {
    const auto source = pattern<T>(64, 48, 1), plate = pattern<T>(64, 48, 2);
    ImageU8 old(64, 48, 1);
    for (int y = 20; y < 28; ++y)
        for (int x = 20; x < 28; ++x)
            old.at(x, y) = 255;
    const HumanLayer human = square({64, 48}, {24, 20, 32, 28}, 0.5f, 1.f);
    CompositeLayers<T> layers{&source, &plate, &old, &human, nullptr};
    const auto out = composite(layers);
    QVERIFY(bool(out));
    for (int y = 0; y < 48; ++y)
        for (int x = 0; x < 64; ++x)
            if (x < 12 || x >= 42 || y < 12 || y >= 38)
                for (int c = 0; c < 3; ++c)
                    QCOMPARE(out->at(x, y, c), source.at(x, y, c));
    // Where only the old person was, the plate is seen, to within rounding.
    for (int c = 0; c < 3; ++c)
        QVERIFY(std::abs(int(out->at(21, 24, c)) - int(plate.at(21, 24, c))) <=
                (sizeof(T) == 1 ? 0 : 24));
}

} // namespace

class TestCompositor : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void awayFromThePersonEightBitFramesAreTheSourceBitForBit() {
        checkPassThrough<std::uint8_t>();
    }
    void awayFromThePersonSixteenBitFramesAreTheSourceBitForBit() {
        checkPassThrough<std::uint16_t>();
    }

    void halfAPersonIsMixedInLinearLight() {
        ImageU8 source(4, 4, 3, 0);
        const HumanLayer human = square({4, 4}, {0, 0, 4, 4}, 1.f, 0.5f);
        const auto out = composite({.source = &source, .human = &human});
        QVERIFY(bool(out));
        QCOMPARE(int(out->at(1, 1)), 188); // sRGB of 0.5; a mix of codes would give 128
        CompositeOptions bt709;
        bt709.transfer = Transfer::Bt709;
        const auto other = composite({.source = &source, .human = &human}, bt709);
        QCOMPARE(int(other->at(1, 1)),
                 int(std::lround(255.0 * (1.099 * std::pow(0.5, 0.45) - 0.099))));
    }

    void theOccluderIsSeenInFrontOfThePerson() {
        const auto source = pattern<std::uint8_t>(32, 32, 3);
        ImageU8 occluder(32, 32, 1);
        for (int y = 0; y < 32; ++y)
            for (int x = 16; x < 32; ++x)
                occluder.at(x, y) = 255;
        const HumanLayer human = square({32, 32}, {0, 0, 32, 32}, 0.2f, 1.f);
        const auto out = composite({.source = &source, .human = &human, .occluder = &occluder});
        QVERIFY(bool(out));
        for (int c = 0; c < 3; ++c) {
            QCOMPARE(out->at(20, 5, c), source.at(20, 5, c));
            QCOMPARE(int(out->at(4, 5, c)),
                     int(std::lround(255 * fromLinear(0.2f, Transfer::Srgb))));
        }
    }

    void aPersonInFrontCoversTheOccluder() {
        const auto source = pattern<std::uint8_t>(32, 32, 3);
        const ImageU8 occluder(32, 32, 1, 255);
        const HumanLayer human = square({32, 32}, {0, 0, 16, 32}, 0.2f, 1.f);
        CompositeOptions options;
        options.humanInFront = true;
        const auto out =
            composite({.source = &source, .human = &human, .occluder = &occluder}, options);
        QVERIFY(bool(out));
        for (int c = 0; c < 3; ++c) {
            QCOMPARE(int(out->at(4, 5, c)),
                     int(std::lround(255 * fromLinear(0.2f, Transfer::Srgb))));
            QCOMPARE(out->at(20, 5, c), source.at(20, 5, c)); // the occluder, beside the person
        }
    }

    void theOldPersonDoesNotShineThroughTheOccludersEdge() {
        // A grey occluder in front of a bright red old person; the column between them is half and
        // half.
        ImageU8 source(32, 32, 3), occluder(32, 32, 1), plate(32, 32, 3, 0), old(32, 32, 1, 255);
        for (int y = 0; y < 32; ++y)
            for (int x = 0; x < 32; ++x) {
                const bool solid = x > 16, edge = x == 16;
                occluder.at(x, y) = solid ? 255 : edge ? 128 : 0;
                source.at(x, y, 0) = solid ? 100 : edge ? 200 : 255;
                source.at(x, y, 1) = source.at(x, y, 2) = solid ? 100 : edge ? 72 : 0;
            }
        const auto out = composite(
            {.source = &source, .plate = &plate, .oldPerson = &old, .occluder = &occluder});
        QVERIFY(bool(out));
        const int red = out->at(16, 10, 0), green = out->at(16, 10, 1);
        QVERIFY2(red - green < 45, qPrintable(QString("red %1 green %2").arg(red).arg(green)));
        QCOMPARE(int(out->at(10, 10, 0)), 0);
    }

    void layersOfAnotherSizeAreRefused() {
        ImageU8 source(8, 8, 3), plate(9, 8, 3);
        QVERIFY(!composite({.source = &source, .plate = &plate}));
        HumanLayer human = square({8, 8}, {0, 0, 8, 8}, 1.f, 1.f);
        human.region.x1 = 12;
        QVERIFY(!composite({.source = &source, .human = &human}));
    }
};

QTEST_GUILESS_MAIN(TestCompositor)
#include "test_compositor.moc"
