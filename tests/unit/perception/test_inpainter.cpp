// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/inpainter.h"

#include "engine/perception/hole_regions.h"
#include "perception_support.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace strata;
namespace fs = std::filesystem;

namespace {

ImageU8 holeOf(Size size, const RectI& rect) {
    ImageU8 hole(size.width, size.height, 1);
    for (int y = rect.y0; y < rect.y1; ++y)
        std::fill(hole.pixel(rect.x0, y), hole.pixel(rect.x0, y) + rect.width(), std::uint8_t(255));
    return hole;
}

bool contains(const RectI& outer, const RectI& inner) {
    return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 &&
           outer.y1 >= inner.y1;
}

// A soft horizontal stripe pattern: the same at every x, so that what lies in a hole is known.
ImageU8 stripes(Size size) {
    ImageU8 image(size.width, size.height, 3);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const auto value = std::uint8_t(std::lround(128 + 60 * std::sin(y / 20.0)));
            image.pixel(x, y)[0] = value;
            image.pixel(x, y)[1] = 90;
            image.pixel(x, y)[2] = std::uint8_t(255 - value);
        }
    return image;
}

} // namespace

class TestInpainter : public QObject {
    Q_OBJECT
    const fs::path m_model = test::modelFile("migan/migan_pipeline_v2.onnx");

private Q_SLOTS:
    void nothingOutsideTheHoleChanges() {
        NEEDS_FILE(m_model);
        auto inpainter = Inpainter::load(m_model);
        QVERIFY(inpainter);
        auto picture = stripes({853, 481});
        const RectI rect{400, 200, 470, 280};
        for (int y = rect.y0; y < rect.y1; ++y)
            std::fill_n(picture.pixel(rect.x0, y), rect.width() * 3, std::uint8_t(255));
        const auto filled = inpainter->inpaint(picture, holeOf(picture.size(), rect));
        QVERIFY(filled);
        QCOMPARE(filled->size(), picture.size());
        const auto truth = stripes(picture.size());
        double error = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const bool inside = x >= rect.x0 && x < rect.x1 && y >= rect.y0 && y < rect.y1;
                for (int c = 0; c < 3; ++c)
                    if (inside)
                        error += std::abs(int(filled->at(x, y, c)) - int(truth.at(x, y, c)));
                    else
                        QCOMPARE(filled->at(x, y, c), picture.at(x, y, c));
            }
        error /= 3.0 * rect.width() * rect.height();
        QVERIFY2(error < 25, qPrintable(QString::number(error))); // white would give about 120
    }

    void withoutAHoleThePictureComesBack() {
        NEEDS_FILE(m_model);
        auto inpainter = Inpainter::load(m_model);
        QVERIFY(inpainter);
        const auto picture = stripes({64, 48});
        const auto filled = inpainter->inpaint(picture, ImageU8(64, 48, 1));
        QVERIFY(filled);
        QVERIFY(*filled == picture);
    }

    void aPictureThatIsAllHoleIsFilledWithoutFailing() {
        NEEDS_FILE(m_model);
        auto inpainter = Inpainter::load(m_model);
        QVERIFY(inpainter);
        QVERIFY(inpainter->inpaint(stripes({96, 64}), ImageU8(96, 64, 1, 255)));
    }

    void aMaskOfAnotherSizeIsRefused() {
        NEEDS_FILE(m_model);
        auto inpainter = Inpainter::load(m_model);
        QVERIFY(inpainter);
        const auto filled = inpainter->inpaint(stripes({64, 48}), ImageU8(48, 64, 1));
        QVERIFY(!filled);
        QCOMPARE(filled.error().code, ErrorCode::ShapeMismatch);
    }

    void everyHolePixelLiesInARegionInsideTheFrame() {
        const Size frame{1920, 1080};
        const RectI left{10, 20, 60, 90}, right{1800, 900, 1915, 1075};
        auto hole = holeOf(frame, left);
        for (int y = right.y0; y < right.y1; ++y)
            std::fill_n(hole.pixel(right.x0, y), right.width(), std::uint8_t(200));
        const auto regions = holeRegions(hole, 127);
        QCOMPARE(regions.size(), std::size_t(2));
        for (const auto& rect : {left, right})
            QVERIFY(std::any_of(regions.begin(), regions.end(),
                                [&](const RectI& region) { return contains(region, rect); }));
        for (const auto& region : regions) {
            QVERIFY(contains({0, 0, frame.width, frame.height}, region));
            QCOMPARE(region.width(), 512);
            QCOMPARE(region.height(), 512);
        }
    }

    void neighbouringHolesShareOneRegion() {
        auto hole = holeOf({1280, 720}, {300, 300, 340, 340});
        for (int y = 360; y < 400; ++y)
            std::fill_n(hole.pixel(420, y), 40, std::uint8_t(255));
        QCOMPARE(holeRegions(hole, 127).size(), std::size_t(1));
        QVERIFY(holeRegions(ImageU8(64, 64, 1, 127), 127).empty());
    }
};

QTEST_GUILESS_MAIN(TestInpainter)
#include "test_inpainter.moc"
