// SPDX-License-Identifier: Apache-2.0
// What may be less than exact: previews, the picture coder in tiles, and a trajectory that is
// shorter or guided only in part.
#include "tests/unit/synth/mimo/made_up_inputs.h"
#include "tests/unit/synth/mimo/tiny_networks.h"

#include "engine/nn/vae/vae_tiles.h"
#include "engine/synth/diffusion/sampler.h"
#include "engine/synth/diffusion/seeded_noise.h"

#include <QTest>

using namespace strata;

class TestMimoDrafts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        m_networks = test::tinyNetworks();
        QVERIFY(m_networks);
    }

    void tilesOfAFunctionOfSinglePixelsAreExact() {
        const auto x = torch::rand({2, 3, 37, 53});
        int calls = 0;
        const auto y = nn::inTiles(x, {16, 1, 2}, [&calls](torch::Tensor part) {
            ++calls;
            return at::upsample_nearest2d(2 * part, {2 * part.size(2), 2 * part.size(3)});
        });
        QCOMPARE(calls, 3 * 5);
        QVERIFY(torch::allclose(y, at::upsample_nearest2d(2 * x, {74, 106}), 1e-6, 1e-6));
    }

    void aTileAsLargeAsThePictureIsThePicture() {
        const c10::InferenceMode inference;
        const auto picture = torch::rand({1, 3, 64, 96}) * 2 - 1;
        auto& vae = *m_networks->vae;
        const auto latent = vae.encode(picture);
        QVERIFY(torch::equal(latent, vae.encode(picture, 96)));
        QVERIFY(torch::equal(vae.decode(latent), vae.decode(latent, 96)));
    }

    // Exact but for the norms, which see the mean and variance of a tile instead of the picture's:
    // the less these differ from place to place, the nearer.
    void tilesAreNearlyTheWhole_data() {
        QTest::addColumn<bool>("noise");
        QTest::addColumn<double>("least");
        QTest::newRow("the same everywhere") << true << 30.0;
        QTest::newRow("a picture with an edge") << false << 15.0;
    }
    void tilesAreNearlyTheWhole() {
        QFETCH(bool, noise);
        QFETCH(double, least);
        const Size size{256, 256};
        auto pictures = noise ? test::evenStack(1, {3, size.height, size.width}, 1.f)
                              : test::smoothPictures(1, size);
        const c10::InferenceMode inference;
        const auto picture =
            torch::from_blob(pictures.values().data(), {1, 3, size.height, size.width});
        auto& vae = *m_networks->vae;
        const auto latent = vae.encode(picture);
        const auto decoded = (vae.decode(latent) / 2 + 0.5).clamp(0, 1);
        for (const int tile : {192, 128}) {
            const auto tiled = (vae.decode(latent, tile) / 2 + 0.5).clamp(0, 1);
            const double pictureDb = decibels(tiled, decoded, 1.0);
            const double latentDb = decibels(vae.encode(picture, tile), latent,
                                             double(latent.abs().max().item<float>()));
            qInfo("tiles of %3d: pictures %.1f dB, latents %.1f dB against the whole", tile,
                  pictureDb, latentDb);
            QVERIFY(pictureDb > least && latentDb > least);
        }
    }

    void previewsShowWhatTheClipTaught() {
        const auto config = test::tinyConfig();
        const Size size{96, 64};
        MimoOptions options;
        options.threads = 1;
        MimoBackend backend(m_networks, options);
        const auto pictures = test::smoothPictures(4, size);
        const auto latents = backend.encode(pictures, {});
        QVERIFY(bool(latents));
        const auto draft = backend.decodeDraft(*latents, {});
        QVERIFY(bool(draft));
        QVERIFY((draft->shape() == FrameShape{3, 8, 12}));
        // Against the pictures themselves, made as small.
        const c10::InferenceMode inference;
        auto x = pictures, y = *draft;
        const auto small = at::avg_pool2d(
            torch::from_blob(x.values().data(), {4, 3, size.height, size.width}) / 2 + 0.5, 8);
        const auto seen = torch::from_blob(y.values().data(), {4, 3, 8, 12});
        const double mean = decibels(small.mean({0, 2, 3}, true).expand_as(small), small, 1.0);
        const double fitted = decibels(seen, small, 1.0);
        qInfo("preview %.1f dB, its mean colour %.1f dB", fitted, mean);
        QVERIFY(fitted > mean + 0.5); // this coder has random weights
    }

    // Cost and quality of what is approximate, against a run of 12 steps with guidance in all.
    void shorterAndPartlyGuidedRuns() {
        constexpr int kFrames = 4;
        const Size size{64, 64};
        const auto config = test::tinyConfig();
        MimoOptions options;
        options.threads = 1;
        MimoBackend backend(m_networks, options);
        QVERIFY(bool(test::giveMadeUp(backend, config, kFrames, size)));
        const auto run = [&](int steps, double from, double to) {
            SamplerSettings settings;
            settings.steps = steps;
            settings.guideFrom = from;
            settings.guideTo = to;
            auto latents =
                Sampler(backend, settings).run(seededNoise({5, 0, 0}, kFrames, {4, 8, 8}), {});
            return latents ? backend.decode(*latents, {}) : latents;
        };
        const auto full = run(12, 0, 1);
        QVERIFY(bool(full));
        struct Case {
            const char* name;
            int steps;
            double from, to;
        };
        for (const Case& c : {Case{"guided from 0.2 to 1", 12, 0.2, 1.0},
                              Case{"guided from 0 to 0.6", 12, 0.0, 0.6},
                              Case{"guided never", 12, 0.0, 0.0}, Case{"8 steps", 8, 0.0, 1.0}}) {
            const auto less = run(c.steps, c.from, c.to);
            QVERIFY(bool(less));
            int halves = 0;
            for (int i = 0; i < c.steps; ++i)
                halves += double(i) / c.steps >= c.from && double(i) / c.steps < c.to ? 2 : 1;
            const double db = test::psnr(*less, *full);
            qInfo("%-20s %3.0f%% of the work, %.1f dB against 12 guided steps", c.name,
                  100.0 * halves / 24, db);
            QVERIFY(halves < 24 && db > 5 && db < 100);
        }
    }

private:
    static double decibels(const torch::Tensor& a, const torch::Tensor& b, double range) {
        const double error = (a - b).square().mean().item<float>();
        return error > 0 ? 10 * std::log10(range * range / error) : 200;
    }

    std::shared_ptr<nn::MimoNetworks> m_networks;
};

QTEST_GUILESS_MAIN(TestMimoDrafts)
#include "test_mimo_drafts.moc"
