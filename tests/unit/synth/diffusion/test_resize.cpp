// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/area_resize.h"
#include "engine/synth/diffusion/pillow_resize.h"

#include "tests/unit/synth/diffusion/golden.h"

#include <QElapsedTimer>

using namespace strata;

namespace {

ImageF floatImageOf(const Array& array) {
    ImageF out(int(array.shape[1]), int(array.shape[0]), 1);
    std::ranges::copy(array.toFloats(), out.data());
    return out;
}

template <typename T>
std::span<const T> valuesOf(const Image<T>& image) {
    return {image.data(), image.count()};
}

ImageU8 noisy(int width, int height) {
    ImageU8 out(width, height, 3);
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < out.count(); ++i) {
        state = state * 1664525u + 1013904223u;
        out.data()[i] = std::uint8_t(state >> 24);
    }
    return out;
}

} // namespace

class TestResize : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyStoredResizeIsReproduced() {
        NEEDS_GOLDEN(data, "10_resize");
        int compared = 0;
        for (const auto& [name, expected] : data) {
            if (name.rfind("out/", 0) != 0)
                continue;
            const std::string number = name.substr(4, name.find('/', 4) - 4);
            const Size size{int(expected.shape[1]), int(expected.shape[0])};
            ++compared;
            if (name.find("area_f32") != std::string::npos) {
                const auto out =
                    resizedByArea(floatImageOf(data.at("in/" + number + "/grayf")), size);
                QVERIFY(difference(valuesOf(out), expected.toFloats(), name.c_str()).largest <=
                        1e-6);
                continue;
            }
            const auto in = imageOf(data.at("in/" + number + "/rgb"));
            const auto out = name.find("lanczos") != std::string::npos
                                 ? resizedLikePillow(in, size, PillowFilter::Lanczos)
                             : name.find("bicubic") != std::string::npos
                                 ? resizedLikePillow(in, size, PillowFilter::Bicubic)
                                 : resizedByArea(in, size);
            QCOMPARE(difference(valuesOf(out), valuesOf(imageOf(expected)), name.c_str()).largest,
                     0.0);
        }
        QVERIFY(compared >= 12);
    }

    void smallFiltersGiveTheMeansTheyShould() {
        ImageU8 image(4, 1, 1);
        for (int x = 0; x < 4; ++x)
            image.at(x, 0) = std::uint8_t(10 * x + 1); // 1 11 21 31
        const auto at = [&](PillowFilter filter, int width, int x) {
            return int(resizedLikePillow(image, {width, 1}, filter).at(x, 0));
        };
        QCOMPARE(at(PillowFilter::Box, 2, 0), 6);
        QCOMPARE(at(PillowFilter::Box, 2, 1), 26);
        QCOMPARE(at(PillowFilter::Box, 8, 3), 11);
        QCOMPARE(at(PillowFilter::Nearest, 2, 0), 11);
        QCOMPARE(at(PillowFilter::Nearest, 8, 7), 31);
        QCOMPARE(at(PillowFilter::Bilinear, 8, 1), 4); // 1 + 10 / 4 = 3.5
        QCOMPARE(at(PillowFilter::Bilinear, 8, 2), 9); // 1 + 30 / 4 = 8.5
        QCOMPARE(at(PillowFilter::Bilinear, 8, 0), 1);
    }

    void constantPicturesStayConstant() {
        const ImageU8 grey(61, 43, 3, 77);
        for (const auto filter :
             {PillowFilter::Nearest, PillowFilter::Box, PillowFilter::Bilinear,
              PillowFilter::Hamming, PillowFilter::Bicubic, PillowFilter::Lanczos})
            for (const Size size : {Size{17, 90}, Size{61, 20}, Size{100, 43}, Size{1, 1}})
                QVERIFY(resizedLikePillow(grey, size, filter) ==
                        ImageU8(size.width, size.height, 3, 77));
        QVERIFY(resizedByArea(grey, {17, 20}) == ImageU8(17, 20, 3, 77));
    }

    void floatPicturesAreTheSameUpToRounding() {
        const ImageU8 image = noisy(50, 40);
        ImageF asFloat(50, 40, 3);
        std::copy_n(image.data(), image.count(), asFloat.data());
        for (const auto filter : {PillowFilter::Bilinear, PillowFilter::Box}) {
            const auto bytes = resizedLikePillow(image, {31, 67}, filter);
            const auto floats = resizedLikePillow(asFloat, {31, 67}, filter);
            QVERIFY(difference(valuesOf(bytes), valuesOf(floats), "bytes and floats").largest <=
                    1.01);
        }
    }

    void bigPicturesAreQuick() {
        const ImageU8 image = noisy(1024, 1024);
        QElapsedTimer timer;
        timer.start();
        const auto out = resizedLikePillow(image, {784, 784}, PillowFilter::Lanczos);
        qInfo("1024 x 1024 to 784 x 784 by Lanczos: %lld ms", timer.elapsed());
        QCOMPARE(out.width(), 784);
    }
};

QTEST_APPLESS_MAIN(TestResize)
#include "test_resize.moc"
