// SPDX-License-Identifier: Apache-2.0
#include "engine/core/parallel.h"
#include "engine/train/data/clip_occluders.h"
#include "engine/train/data/rendered_clip.h"
#include "tests/unit/train/small_assets.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace strata;

namespace {

constexpr RenderClipOptions kSmall{64, 3, 1};

/// A post stands in front of the person.
ClipRecipe behindPost(const TrainingAssets& assets, PlacePlan::Kind place) {
    ClipRecipe recipe = randomRecipe(assets, 5, Split::Train);
    recipe.place.kind = place;
    recipe.camera.kind = CameraPlan::Kind::HandHeld;
    recipe.camera.sway = 0.02f;
    OccluderPlan post;
    post.kind = OccluderPlan::Kind::Box;
    post.along = 0.6f;
    recipe.occluders = {post};
    return recipe;
}

bool identical(const RenderedClip& a, const RenderedClip& b) {
    for (std::size_t i = 0; i < a.frames.size(); ++i) {
        const auto& p = a.frames[i];
        const auto& q = b.frames[i];
        if (p.color != q.color || p.scene != q.scene || p.lit != q.lit || p.human != q.human ||
            p.humanAlpha != q.humanAlpha || p.occluder != q.occluder ||
            p.occluderAlpha != q.occluderAlpha || p.depth != q.depth)
            return false;
    }
    return a.frames.size() == b.frames.size() && a.vertices == b.vertices &&
           a.canonical.color == b.canonical.color && a.portraits[0].color == b.portraits[0].color;
}

/// Part of the picture.
double share(const ImageU8& alpha) {
    double sum = 0;
    for (std::size_t i = 0; i < alpha.count(); ++i)
        sum += alpha.data()[i] / 255.0;
    return sum / double(alpha.count());
}

double linear(std::uint8_t level) {
    const double v = level / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double level(double linear) {
    return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055);
}

} // namespace

class TestRenderedClips : public QObject {
    Q_OBJECT

    TrainingAssets m_assets;

private Q_SLOTS:
    void initTestCase() {
        m_assets = test::smallAssets();
        QVERIFY(!m_assets.wear.empty());
    }

    void oneNumberGivesOneClipWhateverTheThreads() {
        for (const std::uint64_t seed : {3u, 4u}) {
            const ClipRecipe recipe = randomRecipe(m_assets, seed, Split::Train);
            const auto threads = renderClip(m_assets, recipe, kSmall);
            QVERIFY(bool(threads));
            RenderedClip serial; // nested calls run on the calling thread
            parallelFor(0, 2, 1, [&](std::int64_t begin, std::int64_t) {
                if (begin == 0)
                    serial = *renderClip(m_assets, recipe, kSmall);
            });
            QVERIFY(identical(*threads, serial));
        }
        const auto a = renderClip(m_assets, randomRecipe(m_assets, 3, Split::Train), kSmall);
        const auto b = renderClip(m_assets, randomRecipe(m_assets, 3, Split::HeldOut), kSmall);
        QVERIFY2(a->frames[0].color != b->frames[0].color, "the sides have numbers of their own");
    }

    void layersCompositeBackToTheFrame() {
        for (const auto place : {PlacePlan::Kind::Photo, PlacePlan::Kind::Park}) {
            const auto clip = renderClip(m_assets, behindPost(m_assets, place), kSmall);
            QVERIFY(bool(clip));
            for (const LayeredFrame& f : clip->frames) {
                for (std::size_t i = 0; i < f.color.count(); ++i) {
                    // As light adds up, in real numbers, from what is stored: off by rounding
                    // alone.
                    const double human = f.humanAlpha.data()[i / 3] / 255.0;
                    const double front = f.occluderAlpha.data()[i / 3] / 255.0;
                    const double behind =
                        linear(f.lit.data()[i]) * (1 - human) + linear(f.human.data()[i]) * human;
                    const double expected =
                        level(behind * (1 - front) + linear(f.occluder.data()[i]) * front);
                    QVERIFY(std::abs(expected - f.color.data()[i]) <= 1.0);
                }
                QVERIFY(share(f.humanAlpha) > 0.03 && share(f.humanAlpha) < 0.6);
                QVERIFY(share(f.occluderAlpha) > 0.005);
            }
        }
    }

    void theShadowIsTheDifferenceOfTheScenes() {
        ClipRecipe recipe = behindPost(m_assets, PlacePlan::Kind::Studio);
        recipe.light.toSun = {0.6f, 0.8f, 0.3f};
        recipe.light.sun = glm::vec3(1.7f);
        const auto clip = renderClip(m_assets, recipe, kSmall);
        const LayeredFrame& f = clip->frames[1];
        int darker = 0;
        for (std::size_t i = 0; i < f.lit.count(); ++i) {
            QVERIFY(f.lit.data()[i] <= f.scene.data()[i]);
            darker += f.lit.data()[i] + 8 < f.scene.data()[i];
        }
        QVERIFY2(darker > 30, "the person's shadow falls on the ground");
        QVERIFY2(darker < int(f.lit.count()) / 2, "and not everywhere");
    }

    void nearerThingsAreNearer() {
        const ClipRecipe recipe = behindPost(m_assets, PlacePlan::Kind::Room);
        ClipRecipe open = recipe;
        open.occluders.clear();
        const auto with = renderClip(m_assets, recipe, kSmall);
        const auto without = renderClip(m_assets, open, kSmall);
        int checked = 0;
        for (std::size_t i = 0; i < with->frames.size(); ++i) {
            const LayeredFrame& a = with->frames[i];
            const LayeredFrame& b = without->frames[i];
            QVERIFY(a.humanAlpha == b.humanAlpha); // whole, also behind what is in front
            for (int y = 0; y < kSmall.side; ++y)
                for (int x = 0; x < kSmall.side; ++x)
                    if (a.occluderAlpha.at(x, y) == 255 && a.humanAlpha.at(x, y) == 255) {
                        QVERIFY(a.depth.at(x, y) < b.depth.at(x, y));
                        ++checked;
                    }
        }
        QVERIFY(checked > 20);
    }

    void theHumanLayerIsWhereTheBodyIs() {
        const auto clip = renderClip(m_assets, randomRecipe(m_assets, 8, Split::Train), kSmall);
        for (std::size_t i = 0; i < clip->frames.size(); ++i) {
            const Camera& c = clip->motion.cameras[i];
            int inside = 0, seen = 0;
            for (std::size_t v = 0; v < clip->vertices[i].size(); v += 17) {
                const glm::vec3 p = clip->vertices[i][v];
                const int x = int(c.fx * p.x / p.z + c.cx);
                const int y = int(c.fy * p.y / p.z + c.cy);
                QVERIFY(x >= 0 && y >= 0 && x < kSmall.side && y < kSmall.side);
                inside += clip->frames[i].humanAlpha.at(x, y) > 0;
                ++seen;
            }
            QVERIFY(inside > seen * 95 / 100);
        }
    }

    void feetStandOnTheGround() {
        const auto clip = renderClip(m_assets, randomRecipe(m_assets, 9, Split::Train), kSmall);
        const ShapedBody body(m_assets.body, clip->motion.betas);
        float lowest = 10;
        std::vector<glm::vec3> vertices(kBodyVertices);
        for (const auto& pose : clip->motion.frames) {
            body.pose(pose, vertices, {});
            for (const auto& v : vertices)
                lowest = std::min(lowest, v.y);
        }
        QVERIFY2(lowest > -0.001f && lowest < 0.05f, qPrintable(QString::number(lowest)));
    }

    void thePersonFillsThePictureAsACropDoes() {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            RenderClipOptions options = kSmall;
            options.portraits = 0;
            const auto clip =
                renderClip(m_assets, randomRecipe(m_assets, seed, Split::Train), options);
            const ImageU8& alpha = clip->frames[1].humanAlpha;
            int top = alpha.height(), bottom = -1;
            for (int y = 0; y < alpha.height(); ++y)
                for (int x = 0; x < alpha.width(); ++x)
                    if (alpha.at(x, y) > 127) {
                        top = std::min(top, y);
                        bottom = std::max(bottom, y);
                    }
            const double part = double(bottom + 1 - top) / alpha.height();
            QVERIFY2(part > 0.3 && part <= 0.97, qPrintable(QString::number(part)));
        }
    }

    void theCanonicalPictureShowsThePersonOnWhite() {
        const auto clip = renderClip(m_assets, randomRecipe(m_assets, 2, Split::Train), kSmall);
        const Portrait& p = clip->canonical;
        QVERIFY(share(p.alpha) > 0.08 && share(p.alpha) < 0.5);
        QCOMPARE(int(p.color.at(0, 0, 0)), 255);
        int colored = 0;
        for (std::size_t i = 0; i < p.alpha.count(); ++i)
            colored += p.alpha.data()[i] == 255 && p.color.data()[3 * i] < 250;
        QVERIFY(colored > 100);
        QCOMPARE(clip->portraits.size(), std::size_t(1));
        QVERIFY(clip->portraits[0].color != p.color);
    }

    void heldOutThingsAreNeverTrainedOn() {
        const auto disjoint = [](const auto& a, const auto& b) {
            return !a.empty() && !b.empty() && std::none_of(a.begin(), a.end(), [&](auto i) {
                return std::ranges::count(b, i) > 0;
            });
        };
        using enum Split;
        QVERIFY(disjoint(m_assets.wearOf(WearKind::Suit, Train),
                         m_assets.wearOf(WearKind::Suit, HeldOut)));
        QVERIFY(disjoint(m_assets.patchesOf(Train), m_assets.patchesOf(HeldOut)));
        QVERIFY(disjoint(m_assets.placesOf(Train), m_assets.placesOf(HeldOut)));
        QVERIFY(disjoint(m_assets.motionsOf(Train), m_assets.motionsOf(HeldOut)));
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            const ClipRecipe r = randomRecipe(m_assets, seed, HeldOut);
            QVERIFY(splitOf(m_assets.wear[r.suit].name) == HeldOut);
            QVERIFY(splitOf(m_assets.motions[r.motion].name) == HeldOut);
            QVERIFY(splitOf("place" + std::to_string(r.place.photo)) == HeldOut);
        }
    }

    void nearerThingsThatWouldNotBeNearerAreLeftOut() {
        ClipMotion motion;
        motion.vertices = {{{0, 1, 0}, {0, 1, 0.4f}}};
        Camera camera;
        camera.size = {64, 64};
        camera.fx = camera.fy = 64;
        camera.cx = camera.cy = 32;
        camera.rotation = glm::mat3(1, 0, 0, 0, -1, 0, 0, 0, -1);
        camera.translation = {0, 1, 3};
        OccluderPlan plan;
        plan.kind = OccluderPlan::Kind::Box;
        plan.along = 0.5f;
        QVERIFY(!clipOccluders({plan}, motion, {camera}).still.empty());
        plan.along = 0.99f;
        QVERIFY(clipOccluders({plan}, motion, {camera}).still.empty());
    }

    void aStopIsHeard() {
        std::stop_source source;
        source.request_stop();
        const auto clip = renderClip(m_assets, randomRecipe(m_assets, 1, Split::Train), kSmall,
                                     source.get_token());
        QVERIFY(!clip && clip.error().code == ErrorCode::Cancelled);
    }

    void sizesThatMakeNoSenseAreRefused() {
        const ClipRecipe recipe = randomRecipe(m_assets, 1, Split::Train);
        QVERIFY(!renderClip(m_assets, recipe, {8, 3, 0}));
        QVERIFY(!renderClip(m_assets, recipe, {64, 0, 0}));
    }
};

QTEST_GUILESS_MAIN(TestRenderedClips)
#include "test_rendered_clips.moc"
