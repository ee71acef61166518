// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/edge_masks.h"
#include "engine/synth/diffusion/network_inputs.h"
#include "engine/synth/diffusion/square_pad.h"

#include "tests/unit/synth/diffusion/golden.h"

using namespace strata;

namespace {

ImageU8 withMatte(const ImageU8& rgb, const ImageU8& matte) {
    ImageU8 out(rgb.width(), rgb.height(), 4);
    for (std::size_t i = 0; i < matte.count(); ++i) {
        std::copy_n(rgb.data() + 3 * i, 3, out.data() + 4 * i);
        out.data()[4 * i + 3] = matte.data()[i];
    }
    return out;
}

} // namespace

class TestNetworkInputs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void picturesReachTheNetworksAsPublished() {
        NEEDS_GOLDEN(data, "10_image_processors");
        for (int i = 0; i < 3; ++i) {
            const std::string number = std::to_string(i);
            if (!data.count("in/" + number + "/rgb"))
                continue; // the shipped part has not all
            const auto rgb = imageOf(data.at("in/" + number + "/rgb"));
            const auto size = data.at("in/" + number + "/height_width").toInts();
            const Size wanted{int(size[1]), int(size[0])};
            const auto compare = [&](const FrameStack& made, const char* kind) {
                const auto found = data.find("out/" + number + "/" + kind);
                if (found == data.end())
                    return true;
                const Array& expected = found->second;
                return expected.shape[2] == made.shape().height &&
                       expected.shape[3] == made.shape().width &&
                       difference(made.values(), expected.toFloats(), kind).largest <= 1e-6;
            };
            QVERIFY(compare(vaePicture(rgb, wanted), "ref"));
            QVERIFY(compare(posePicture(rgb, wanted), "cond"));
            QVERIFY(compare(clipPicture(rgb), "clip"));
        }
    }

    void cropsArePaddedToSquares() {
        NEEDS_GOLDEN(data, "11_pad_crop_mask");
        for (int i = 0; i < 7; ++i) {
            const std::string name = "pad" + std::to_string(i);
            if (!data.count("in/" + name))
                continue;
            const auto crop = imageOf(data.at("in/" + name));
            const auto pad = squarePad(crop.size());
            QCOMPARE((std::vector<std::int64_t>{pad.top, pad.bottom, pad.left, pad.right}),
                     data.at("out/" + name + "_tblr").toInts());
            QVERIFY(padded(crop, pad, 255) == imageOf(data.at("out/" + name + "_white")));
            QVERIFY(padded(crop, pad, 0) == imageOf(data.at("out/" + name + "_black")));
        }
    }

    void referencesAreCutAsPublished() {
        NEEDS_GOLDEN(data, "11_pad_crop_mask");
        for (int i = 0; data.count("in/crop" + std::to_string(i) + "_img"); ++i) {
            const std::string name = "crop" + std::to_string(i);
            const auto image = imageOf(data.at("in/" + name + "_img"));
            const RectI box = personCrop(imageOf(data.at("in/" + name + "_mask")));
            QVERIFY(cropped(image, box) == imageOf(data.at("out/" + name)));
        }
    }

    void masksAreChosenByTouchedBorders() {
        NEEDS_GOLDEN(data, "11_pad_crop_mask");
        const auto boxes = data.at("in/getmask_boxes_x0x1y0y1").toInts();
        const auto size = data.at("in/getmask_image_wh").toInts();
        const auto expected = data.at("out/getmask_index").toInts();
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const RectI box{int(boxes[4 * i]), int(boxes[4 * i + 2]), int(boxes[4 * i + 1]),
                            int(boxes[4 * i + 3])};
            QCOMPARE(std::int64_t(maskIndex(touchedBorders(box, {int(size[0]), int(size[1])}))),
                     expected[i]);
        }
    }

    void generatedMasksFadeOnlyInsideTheFrame() {
        const auto masks = generatedMasks({64, 64}, 8.f);
        QCOMPARE(masks.size(), std::size_t(16));
        QCOMPARE(masks[0].at(0, 0), 1.f);                                   // touches everywhere
        QVERIFY(masks[15].at(0, 32) < 0.1f);                                // nowhere
        QVERIFY(masks[11].at(0, 32) == 1.f && masks[11].at(63, 32) < 0.1f); // left
        QVERIFY(masks[13].at(32, 0) == 1.f && masks[13].at(32, 63) < 0.1f); // top
        for (const auto& mask : masks)
            QCOMPARE(mask.at(32, 32), 1.f);
    }

    void peopleComeOnWhiteSquares() {
        ImageU8 rgb(200, 90, 3, 40), matte(200, 90, 1);
        for (int y = 20; y < 60; ++y)
            for (int x = 100; x < 120; ++x)
                matte.at(x, y) = x == 100 ? 128 : 255;
        const auto plain = referencePicture(withMatte(rgb, matte));
        QVERIFY(bool(plain));
        QCOMPARE(plain->width(), 48); // 20 columns and 44 rows in the middle
        QCOMPARE(plain->height(), 48);
        QCOMPARE(int(plain->at(14, 4)), 147); // 255 - (255 - 40) * 128 / 255, cut off
        QCOMPARE(int(plain->at(15, 4)), 40);
        QCOMPARE(int(plain->at(15, 3)), 255); // margin
        QCOMPARE(int(plain->at(13, 4)), 255);
        const auto empty = referencePicture(withMatte(rgb, ImageU8(200, 90, 1)));
        QVERIFY(!empty && empty.error().code == ErrorCode::NothingToDo);
        QVERIFY(!referencePicture(rgb));
    }
};

QTEST_APPLESS_MAIN(TestNetworkInputs)
#include "test_network_inputs.moc"
