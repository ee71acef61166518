// SPDX-License-Identifier: Apache-2.0
#include "engine/media/contact_sheet.h"
#include "engine/media/frame_rate.h"
#include "engine/media/image_io.h"
#include "engine/media/resize.h"

#include "engine/core/atomic_file.h"

#include <QTemporaryDir>
#include <QTest>

using namespace strata;
namespace fs = std::filesystem;

class TestPictures : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

    template <typename T>
    static Image<T> gradient(int width, int height, int channels) {
        Image<T> image(width, height, channels);
        for (std::size_t i = 0; i < image.count(); ++i)
            image.data()[i] = T(i * 37);
        return image;
    }

private Q_SLOTS:
    void pngKeepsEveryKind() {
        const auto rgb = gradient<std::uint8_t>(13, 7, 3);
        const auto rgba = gradient<std::uint8_t>(13, 7, 4);
        const auto deep = gradient<std::uint16_t>(13, 7, 3);
        const auto gray = gradient<std::uint8_t>(13, 7, 1);
        const auto depth = gradient<std::uint16_t>(13, 7, 1);
        QVERIFY(writePng(in("rgb.png"), rgb) && writePng(in("rgba.png"), rgba));
        QVERIFY(writePng(in("deep.png"), deep) && writePng(in("gray.png"), gray));
        QVERIFY(writePng(in("depth.png"), depth));
        QVERIFY(*readImage(in("rgb.png")) == rgb);
        QVERIFY(*readImageRgba(in("rgba.png")) == rgba);
        QVERIFY(*readImage16(in("deep.png")) == deep);
        QVERIFY(*readImageGray(in("gray.png")) == gray);
        QVERIFY(*readImageGray16(in("depth.png")) == depth);
        QCOMPARE(readImageRgba(in("rgb.png"))->at(3, 3, 3), std::uint8_t(255));
        QCOMPARE(readImage16(in("rgb.png"))->at(3, 3, 1), std::uint16_t(rgb.at(3, 3, 1) * 257));
    }

    void exifOrientationTurnsAJpegUpright() {
        ImageU8 image(32, 16, 3, 20);
        for (int y = 0; y < 8; ++y)
            for (int x = 0; x < 8; ++x)
                image.at(x, y, 0) = 250;
        QVERIFY(writeJpeg(in("plain.jpg"), image, 98));
        std::string bytes = *readFile(in("plain.jpg"));
        // An APP1 segment with orientation 6: the camera was turned, the picture needs 90 degrees
        // clockwise.
        const std::string exif(
            "\xFF\xE1\x00\x22"
            "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
            36);
        bytes.insert(2, exif);
        QVERIFY(writeFileAtomically(in("turned.jpg"), bytes));
        const auto turned = *readImage(in("turned.jpg"));
        QVERIFY(turned.size() == (Size{16, 32}));
        QVERIFY(turned.at(13, 2, 0) > 150 && turned.at(2, 2, 0) < 100);
    }

    void whatIsNoPictureIsRefusedByName() {
        QVERIFY(writeFileAtomically(in("text.png"), "not a picture"));
        QVERIFY(writeFileAtomically(in("cut.png"), readFile(in("rgb.png"))->substr(0, 60)));
        for (const char* name : {"text.png", "cut.png", "none.png"}) {
            const auto image = readImage(in(name));
            QVERIFY(!image);
            QVERIFY(image.error().message.find(name) != std::string::npos);
        }
        QVERIFY(!readImage(in("rgb.png"), 50));
    }

    void resizingKeepsFlatColourAndSize() {
        const ImageU8 flat(40, 30, 3, 77);
        for (const auto filter : {ResizeFilter::Area, ResizeFilter::Bilinear, ResizeFilter::Bicubic,
                                  ResizeFilter::Lanczos, ResizeFilter::Nearest})
            QVERIFY(resizeImage(flat, {17, 51}, filter) == ImageU8(17, 51, 3, 77));
        ImageF two(4, 1, 1);
        two.at(0, 0) = 1, two.at(1, 0) = 3, two.at(2, 0) = 5, two.at(3, 0) = 9;
        const auto half = resizeImage(two, {2, 1}, ResizeFilter::Area);
        QCOMPARE(half.at(0, 0), 2.0f);
        QCOMPARE(half.at(1, 0), 7.0f);
        QVERIFY(fittedSize({1920, 1080}, {480, 480}) == (Size{480, 270}));
    }

    void ratesAreResampledLikeThePublishedSystem() {
        QCOMPARE(roundHalfEven(Rational(30000, 1001)), 30);
        QCOMPARE(roundHalfEven(Rational(25, 2)), 12);
        QCOMPARE(roundHalfEven(Rational(27, 2)), 14);
        QVERIFY(resampledFrames(10, 60, 30) == (std::vector<std::int64_t>{0, 2, 4, 6, 8}));
        QVERIFY(resampledFrames(5, 24, 30) == (std::vector<std::int64_t>{0, 0, 1, 2, 3, 4, 4}));
        QVERIFY(resampledFrames(7, 25, 10) == (std::vector<std::int64_t>{0, 2, 5}));
        QVERIFY(resampledFrames(3, 30, 30) == (std::vector<std::int64_t>{0, 1, 2}));
        QVERIFY(resampledFrames(3, 0, 30).empty());
    }

    void theSheetHoldsEveryPicture() {
        std::vector<SheetCell> cells;
        for (int i = 0; i < 4; ++i)
            cells.push_back({std::make_shared<ImageU8>(64, 36, 3, std::uint8_t(60 * i + 40)), "x"});
        const ImageU8 sheet = makeContactSheet(cells, {.columns = 2, .cellWidth = 100, .gap = 4});
        QCOMPARE(sheet.width(), 4 + 2 * 104);
        QCOMPARE(sheet.at(54, 30), std::uint8_t(40));
        QCOMPARE(sheet.at(158, 30), std::uint8_t(100));
        QCOMPARE(sheet.at(158, 30 + 56 + 28 + 4), std::uint8_t(220));
        QVERIFY(makeContactSheet({}).empty());
    }
};

QTEST_GUILESS_MAIN(TestPictures)
#include "test_pictures.moc"
