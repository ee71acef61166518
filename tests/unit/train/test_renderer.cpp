// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/camera_path.h"
#include "engine/train/render/layered_renderer.h"
#include "engine/train/render/materials.h"
#include "engine/train/render/renderer.h"

#include "engine/core/parallel.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace strata;

namespace {

constexpr Size kSize{96, 64};

Scene twoBoxes(bool withPerson) {
    Scene scene;
    scene.add(makeQuad({-20, 0, 10}, {20, 0, 10}, {20, 0, -30}, {-20, 0, -30}),
              plain(glm::vec3(0.5f)));
    if (withPerson)
        scene.add(makeBox({-0.3f, 0, -0.2f}, {0.3f, 1.7f, 0.2f}), plain(srgb(180, 60, 40)),
                  SceneLayer::Human);
    scene.add(makeBox({0.f, 0, 1.f}, {0.5f, 1.2f, 1.4f}), plain(srgb(40, 60, 180)),
              SceneLayer::Occluder);
    return scene;
}

Camera view() { return lookAt({0, 1.4f, 5.f}, {0, 0.9f, 0}, kSize, 90.f); }

} // namespace

class TestRenderer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cameraLooksAtItsTarget() {
        const Camera camera = lookAt({3, 2, 5}, {0, 1, 0}, kSize, 90.f);
        const glm::vec2 middle = camera.project({0, 1, 0});
        QVERIFY(std::abs(middle.x - 48) < 1e-3 && std::abs(middle.y - 32) < 1e-3);
        QVERIFY(camera.project({0, 2, 0}).y < 32); // up is up
        QVERIFY(camera.toCamera({0, 1, 0}).z > 0);
        QVERIFY(std::abs(glm::determinant(camera.rotation) - 1) < 1e-5);
    }

    void theHandIsNeverStillAndNeverJumps() {
        HandHeldPath path;
        glm::vec2 last{0.f};
        for (int i = 0; i < 48; ++i) {
            const glm::vec2 now = path.at(i / 24.0, i / 48.0, {854, 480}).project({0, 1, 0});
            const float step = glm::distance(now, last);
            if (i > 0)
                QVERIFY2(step > 1e-4f && step < 3.f, qPrintable(QString::number(step)));
            last = now;
        }
    }

    void layersCoverEachPixelOnceAndFollowDepth() {
        const RenderedFrame frame = render(twoBoxes(true), view(), {});
        double human = 0, occluder = 0;
        for (int y = 0; y < kSize.height; ++y)
            for (int x = 0; x < kSize.width; ++x) {
                const float h = frame.human.at(x, y);
                const float o = frame.occluder.at(x, y);
                QVERIFY(h >= 0 && o >= 0 && h + o <= 1.0001f);
                human += h;
                occluder += o;
                if (o == 1)
                    QVERIFY(frame.depth.at(x, y) < 4.2f);
                if (h == 1)
                    QVERIFY(frame.depth.at(x, y) > 4.2f && frame.depth.at(x, y) < 5.6f);
            }
        QVERIFY(human > 200 && occluder > 150);
        // The occluder hides the person's right half and not the other way round.
        const glm::vec2 both = view().project({0.2f, 0.8f, 0.2f});
        QCOMPARE(frame.human.at(int(both.x), int(both.y)), 0.f);
        QCOMPARE(frame.occluder.at(int(both.x), int(both.y)), 1.f);
    }

    void withoutThePersonOnlyThePersonAndTheShadowChange() {
        Scene scene = twoBoxes(true);
        Scene empty = twoBoxes(false);
        scene.light.shadowRadius = empty.light.shadowRadius = 4.f;
        const RenderedFrame with = render(scene, view(), {});
        const RenderedFrame without = render(empty, view(), {});
        int changed = 0;
        for (int y = 0; y < kSize.height; ++y)
            for (int x = 0; x < kSize.width; ++x) {
                const float difference =
                    std::abs(with.color.at(x, y, 0) - without.color.at(x, y, 0));
                changed += difference > 0.002f;
                if (with.human.at(x, y) == 0 && with.depth.at(x, y) > 12) // sky and far ground
                    QVERIFY(difference < 1e-6f);
            }
        QVERIFY(changed > 200 && changed < kSize.width * kSize.height / 2);
    }

    void thePersonIsAsBrightOnTheLeftAsOnTheRight() {
        // Stripes that lie the same on both sides of the middle, finer than two pixels.
        Scene place, moving;
        place.light.toSun = {0, 1, 1};
        moving.add(
            makeBox({-0.5f, 0, -0.2f}, {0.5f, 1.7f, 0.2f}),
            [](const SurfacePoint& p) {
                Surface s;
                s.albedo = glm::vec3(0.4f + 0.3f * std::cos(70.f * p.position.x));
                s.specular = 0;
                return s;
            },
            SceneLayer::Human);
        const LayeredRenderer renderer(std::move(place), {}, {});
        const Camera straight = lookAt({0, 0.85f, 5.f}, {0, 0.85f, 0}, kSize, 90.f);
        const auto seen = renderer.view(straight);
        const LayeredFrame f = renderer.frame(*seen, moving, {0, 0.85f, 0}, 1.5f);
        double stripes = 0;
        for (int x = 41; x < 48; ++x) {
            const int left = f.human.at(x, 32, 0), right = f.human.at(95 - x, 32, 0);
            QVERIFY2(std::abs(left - right) <= 1,
                     qPrintable(QString("%1 %2").arg(left).arg(right)));
            stripes = std::max(stripes, std::abs(double(left) - f.human.at(x + 1, 32, 0)));
        }
        QVERIFY(stripes > 20);
    }

    void shadowsFallAwayFromTheSun() {
        Scene scene = twoBoxes(true);
        scene.light.toSun = {1, 1, 0}; // from the right
        scene.light.shadowRadius = 4.f;
        const RenderedFrame frame = render(scene, view(), {});
        const auto ground = [&](float x) {
            const glm::vec2 at = view().project({x, 0, 0});
            return frame.color.at(int(at.x), int(at.y), 1);
        };
        QVERIFY2(ground(-0.9f) < 0.8f * ground(1.6f),
                 "the ground on the left of the person is in the shadow");
    }

    void onePictureWhateverTheThreads() {
        const RenderedFrame threads = render(twoBoxes(true), view(), {});
        RenderedFrame serial;
        parallelFor(0, 2, 1, [&](std::int64_t begin, std::int64_t) {
            if (begin == 0)
                serial = render(twoBoxes(true), view(), {});
        });
        QVERIFY(threads.color == serial.color && threads.human == serial.human);
    }

    void grainHasTheAskedStrengthAndItsOwnSeed() {
        const ImageF grey(128, 128, 3, 0.2f);
        const double level = 255 * (1.055 * std::pow(0.2, 1 / 2.4) - 0.055);
        QCOMPARE(int(toSrgb(grey).at(0, 0)), int(std::lround(level)));
        const ImageU8 a = toSrgb(grey, 3.f, 1);
        const ImageU8 b = toSrgb(grey, 3.f, 2);
        QVERIFY(a != b);
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < a.count(); i += 3) {
            const double d = a.data()[i] - level;
            sum += d;
            squares += d * d;
        }
        const double n = 128 * 128;
        QVERIFY(std::abs(sum / n) < 0.1);
        QVERIFY(std::abs(std::sqrt(squares / n) - 3.0) < 0.3);
    }
};

QTEST_GUILESS_MAIN(TestRenderer)
#include "test_renderer.moc"
