// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"
#include "engine/formats/safetensors.h"
#include "engine/pipeline/generator_config.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/motion_pictures.h"
#include "engine/raster/motion_code.h"
#include "engine/synth/canonical.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cmath>
#include <limits>

using namespace strata;
namespace fs = std::filesystem;

namespace {

constexpr int kSide = 96;

/// The A-pose, seen whole; in the second frame nobody is there.
PlacedMotion standing(const BodyModel& body) {
    PlacedMotion placed;
    placed.motion.frames.assign(2, canonicalPose(body));
    placed.motion.cameras.assign(2, canonicalCamera(ShapedBody(body, {}), kSide, kSide));
    placed.motion.confidence = {1.f, 0.f};
    return placed;
}

std::vector<float> colorsOf(const BodyModel& body) {
    return defaultMotionCode({&body.vTemplate[0].x, body.vTemplate.size() * 3});
}

} // namespace

class TestMotionPictures : public QObject {
    Q_OBJECT

    BodyModel m_body;

    std::unique_ptr<BodyPictures> pictures() const {
        return drawnBody(m_body, standing(m_body), {colorsOf(m_body), 3});
    }

private Q_SLOTS:
    void initTestCase() {
        const auto body = loadInstalledBody();
        QVERIFY(bool(body));
        m_body = body->model;
    }

    void codesAreDrawnAsColoursAre() {
        const auto colored =
            drawnMotion(m_body, standing(m_body), colorsOf(m_body), {kSide, kSide});
        const auto wanted = colored->frame(0);
        QVERIFY(bool(wanted));
        const auto body = pictures();
        QCOMPARE(body->channels(), 3);
        constexpr std::size_t kPixels = kSide * kSide;
        std::vector<float> code(3 * kPixels);
        QVERIFY(bool(body->draw(0, {0, 0, 1, kSide}, code)));
        int inside = 0;
        for (std::size_t i = 0; i < kPixels; ++i) {
            for (std::size_t c = 0; c < 3; ++c)
                QVERIFY(std::abs(code[c * kPixels + i] * 255 - (*wanted)->data()[3 * i + c]) <=
                        0.51);
            inside += code[kPixels + i] > 0;
        }
        QVERIFY(inside > 600);
    }

    void aPartOfTheFrameIsDrawnLarger() {
        const auto body = pictures();
        constexpr std::size_t kPixels = kSide * kSide;
        std::vector<float> whole(3 * kPixels), part(3 * kPixels);
        QVERIFY(bool(body->draw(0, {0, 0, 1, kSide}, whole)));
        QVERIFY(bool(body->draw(0, {24, 12, 2, kSide}, part)));
        double difference = 0;
        for (std::size_t y = 0; y < kSide / 2; ++y) // four pixels of the part are one of the whole
            for (std::size_t x = 0; x < kSide / 2; ++x) {
                const auto at = 2 * y * kSide + 2 * x;
                const float mean =
                    (part[at] + part[at + 1] + part[at + kSide] + part[at + kSide + 1]) / 4;
                difference += std::abs(mean - whole[(y + 12) * kSide + x + 24]);
            }
        QVERIFY(difference / (kSide * kSide / 4) < 0.01);
    }

    void whereNobodyIsThePicturesAreEmpty() {
        constexpr std::size_t kPixels = kSide * kSide;
        std::vector<float> code(3 * kPixels, 1.f);
        QVERIFY(bool(pictures()->draw(1, {0, 0, 1, kSide}, code)));
        QVERIFY(std::ranges::all_of(code, [](float v) { return v == 0.f; }));
        QVERIFY(!pictures()->draw(0, {0, 0, 1, kSide}, std::span(code).first(5)));
    }

    void learntCodesAreRead() {
        const QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "codes.safetensors";
        std::array<float, 6> values{1, 2, 3, 4, 5, 6};
        ArrayMap arrays;
        arrays["codes"] = Array::of({3, 2}, std::span<const float>(values));
        QVERIFY(bool(writeSafetensors(file, arrays)));
        const auto codes = readLearntCodes(file, 3);
        QVERIFY(codes && codes->channels == 2 && codes->values[5] == 6);
        QVERIFY(!readLearntCodes(file, 4));
        values[2] = std::numeric_limits<float>::quiet_NaN();
        arrays["codes"] = Array::of({3, 2}, std::span<const float>(values));
        QVERIFY(bool(writeSafetensors(file, arrays)));
        QVERIFY(!readLearntCodes(file, 3));
    }

    void theLatentsScaleIsRead() {
        const QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "training.json";
        QVERIFY(bool(writeFileAtomically(file, R"({"networks": {"vae": {"scale": 0.75}}})")));
        const auto scale = readLatentScale(file);
        QVERIFY(scale && *scale == 0.75);
        for (const char* text : {"{}", "[]", R"({"networks": {"vae": {"scale": -1}}})"}) {
            QVERIFY(bool(writeFileAtomically(file, text)));
            QVERIFY(!readLatentScale(file));
        }
    }
};

QTEST_GUILESS_MAIN(TestMotionPictures)
#include "test_motion_pictures.moc"
