// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/draft_decoder.h"

#include <QTest>

#include <cmath>

using namespace strata;

namespace {

constexpr int kScale = 4;

FrameStack latentsOf(int frames, float scale) {
    FrameStack out(frames, {4, 6, 5});
    std::uint32_t seed = 7;
    for (float& value : out.values()) {
        seed = seed * 1664525u + 1013904223u;
        value = scale * (float(seed >> 8) / float(1 << 24) - 0.5f);
    }
    return out;
}

/// Pictures that are linear in the latents, each as a square of pixels.
FrameStack picturesOf(const FrameStack& latents) {
    const auto [channels, height, width] = latents.shape();
    FrameStack out(latents.frames(), {3, height * kScale, width * kScale});
    for (int f = 0; f < latents.frames(); ++f) {
        auto at = out.frame(f).begin();
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < height * kScale; ++y)
                for (int x = 0; x < width * kScale; ++x) {
                    float value = 0.1f * float(c - 1);
                    for (int k = 0; k < channels; ++k)
                        value +=
                            0.2f * float((c + k) % 3 - 1) *
                            latents.frame(
                                f)[std::size_t((k * height + y / kScale) * width + x / kScale)];
                    *at++ = value;
                }
    }
    return out;
}

} // namespace

class TestDraftDecoder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void linearPicturesAreLearntExactly() {
        DraftDecoder decoder;
        QVERIFY(!decoder.ready());
        const FrameStack latents = latentsOf(2, 2.f), pictures = picturesOf(latents);
        decoder.learn(pictures, latents);
        QCOMPARE(decoder.learnt(), 2);
        const FrameStack out = decoder.decode(latents);
        QVERIFY((out.shape() == FrameShape{3, 6, 5}));
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < 6; ++y)
                for (int x = 0; x < 5; ++x) {
                    const float value = pictures.frame(
                        1)[std::size_t((c * 6 * kScale + y * kScale) * 5 * kScale + x * kScale)];
                    QVERIFY(std::abs(out.frame(1)[std::size_t((c * 6 + y) * 5 + x)] -
                                     (value / 2 + 0.5f)) < 1e-3f);
                }
    }

    void picturesOfOneColourAreNoFailure() {
        DraftDecoder decoder;
        decoder.learn(FrameStack(1, {3, 24, 20}, 0.5f), FrameStack(1, {4, 6, 5}, 1.f));
        const FrameStack same = decoder.decode(FrameStack(1, {4, 6, 5}, 1.f));
        for (const float value : same.values())
            QVERIFY(std::abs(value - 0.75f) < 0.01f);
        const FrameStack others = decoder.decode(latentsOf(1, 50.f));
        for (const float value : others.values())
            QVERIFY(value >= 0.f && value <= 1.f);
    }

    void stacksThatDoNotBelongTogetherTeachNothing() {
        DraftDecoder decoder;
        decoder.learn(FrameStack(2, {3, 24, 20}), FrameStack(1, {4, 6, 5}));
        decoder.learn(FrameStack(1, {3, 3, 2}), FrameStack(1, {4, 6, 5}));
        QVERIFY(!decoder.ready());
    }
};

QTEST_GUILESS_MAIN(TestDraftDecoder)
#include "test_draft_decoder.moc"
