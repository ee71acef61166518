// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/roi_clips.h"
#include "engine/synth/diffusion/silhouette.h"
#include "engine/synth/diffusion/square_pad.h"

#include "tests/unit/synth/diffusion/golden.h"

using namespace strata;

namespace {

using Numbers = std::vector<std::int64_t>;

void append(Numbers& list, const RectI& box) { // in the order of the published numbers
    list.insert(list.end(), {box.x0, box.x1, box.y0, box.y1});
}

RoiConfig releaseRule() {
    RoiConfig config;
    config.rule = RoiRule::Release;
    return config;
}

ImageU8 releaseBackground(int width, int height, int frame) {
    ImageU8 out(width, height, 3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            out.at(x, y, 0) = std::uint8_t((2 * x + frame) % 256);
            out.at(x, y, 1) = std::uint8_t((y + frame) % 256);
            out.at(x, y, 2) = std::uint8_t(x * y / 7 % 256);
        }
    return out;
}

bool contains(const RectI& outer, const RectI& inner) {
    return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 &&
           outer.y1 >= inner.y1;
}

} // namespace

class TestRoiClips : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void geometryEqualsThePublishedOne_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"static", "walking", "jump", "empty_frame", "empty_first_last",
                                 "all_empty", "zoom", "rapid", "specks", "edges", "single"})
            QTest::addRow("%s", name) << name;
    }
    void geometryEqualsThePublishedOne() {
        QFETCH(QString, name);
        NEEDS_GOLDEN(data, "11_geometry_" + name.toStdString());
        const Array& sdc = data.at("in/sdc");
        const Size frame{int(sdc.shape[2]), int(sdc.shape[1])};
        std::vector<RectI> rois, plainBounds;
        Numbers bounds, boxes;
        for (std::int64_t i = 0; i < sdc.shape[0]; ++i) {
            const ImageU8 picture = imageOf(sdc, i);
            const ImageU8 mask = motionSilhouette(picture, true);
            QVERIFY(mask == imageOf(data.at("out/clean_mask"), i));
            const RectI box = boundingRect(mask);
            bounds.insert(bounds.end(), {box.x0, box.y0, box.width(), box.height()});
            rois.push_back(frameRoi(box, frame));
            append(boxes, rois.back());
            plainBounds.push_back(boundingRect(motionSilhouette(picture, false)));
        }
        QCOMPARE(bounds, data.at("out/bounding_rect_xywh").toInts());
        QCOMPARE(boxes, data.at("out/frame_roi_x0x1y0y1").toInts());

        const auto clips = roiClips(rois, releaseRule());
        QVERIFY(bool(clips));
        Numbers lengths, frames, clipBoxes, perFrame;
        for (const RoiClip& clip : *clips) {
            lengths.push_back(clip.frames.size());
            for (auto i = clip.frames.begin; i < clip.frames.end; ++i)
                frames.push_back(i);
            append(clipBoxes, clip.box);
            for (auto i = clip.frames.begin + clip.overlap; i < clip.frames.end; ++i)
                append(perFrame, clip.box);
        }
        QCOMPARE(lengths, data.at("out/context_lengths").toInts());
        QCOMPARE(frames, data.at("out/context_flat").toInts());
        QCOMPARE(clipBoxes, data.at("out/clip_box_x0x1y0y1").toInts());
        QCOMPARE(perFrame, data.at("out/bbox_clip_per_frame").toInts());
        checkCrops(data, *clips, frame);
        if (const auto found = data.find("out/animate_crop_frame0"); found != data.end())
            QVERIFY(cropped(imageOf(sdc, 0), animationBox(plainBounds, frame)) ==
                    imageOf(found->second));
    }

    void coveringBoxesHoldThePersonInEveryFrame() {
        const Size frame{1280, 720};
        std::vector<RectI> rois;
        for (int i = 0; i < 400; ++i) {
            const int x = 20 + (i * 37) % 1100, h = 120 + (i * i) % 300;
            rois.push_back(i % 17 == 5 ? RectI{}
                                       : frameRoi({x, 300 - h / 2, x + h / 3, 300 + h / 2}, frame));
        }
        rois[0] = rois[1] = {};
        const RoiConfig config;
        const auto clips = roiClips(rois, config);
        QVERIFY(bool(clips) && clips->size() > 2);
        std::int64_t next = 0;
        for (const RoiClip& clip : *clips) {
            QCOMPARE(clip.frames.begin + clip.overlap, next);
            QCOMPARE(clip.overlap, next == 0 ? 0 : 4);
            QVERIFY(clip.frames.size() - clip.overlap >= config.shortestClip);
            QVERIFY(clip.frames.size() <= config.longestClip);
            next = clip.frames.end;
            for (auto i = clip.frames.begin; i < clip.frames.end; ++i)
                if (!rois[std::size_t(i)].empty())
                    QVERIFY(contains(clip.box, rois[std::size_t(i)]));
        }
        QCOMPARE(next, std::int64_t(400));
    }

    void framesWithoutAPersonDoNotSplitOurClips() {
        const RectI person = frameRoi({50, 40, 90, 110}, {161, 120});
        std::vector<RectI> rois(30, person);
        rois[12] = {};
        const auto ours = roiClips(rois);
        QVERIFY(bool(ours));
        QCOMPARE(ours->size(), std::size_t(1));
        QVERIFY(ours->front().box == person);
        const auto release = roiClips(rois, releaseRule());
        QVERIFY(bool(release) && release->front().box.x0 == 0); // drawn to the corner
        const auto nobody = roiClips(std::vector<RectI>(5));
        QVERIFY(!nobody && nobody.error().code == ErrorCode::NothingToDo);
        QVERIFY(!roiClips({}, releaseRule()));
    }

    void longClipsAreCutWithoutAChange() {
        RoiConfig config;
        config.longestClip = 100;
        const auto clips = roiClips(std::vector<RectI>(1000, RectI{10, 10, 60, 90}), config);
        QVERIFY(bool(clips));
        for (const RoiClip& clip : *clips)
            QVERIFY(clip.frames.size() <= 100 && clip.frames.size() >= 90); // and equal
        QCOMPARE(clips->back().frames.end, std::int64_t(1000));
    }

private:
    static void checkCrops(const ArrayMap& data, const std::vector<RoiClip>& clips, Size frame) {
        for (std::size_t k = 0; k < std::min<std::size_t>(3, clips.size()); ++k) {
            const std::string name = "out/clip" + std::to_string(k) + "/";
            if (!data.count(name + "sdc_crop"))
                continue;
            const RectI box = cropBox(clips[k], frame);
            const SquarePad pad = squarePad({box.width(), box.height()});
            QCOMPARE((Numbers{pad.top, pad.bottom, pad.left, pad.right}),
                     data.at(name + "padding_tblr").toInts());
            const auto first = clips[k].frames.begin;
            for (std::int64_t i = 0; i < clips[k].frames.size(); ++i) {
                const ImageU8 crop = cropped(imageOf(data.at("in/sdc"), first + i), box);
                QVERIFY(crop == imageOf(data.at(name + "sdc_crop"), i));
                QVERIFY(padded(crop, pad, 0) == imageOf(data.at(name + "sdc_padded"), i));
            }
            const ImageU8 scene = releaseBackground(frame.width, frame.height, int(first));
            QVERIFY(padded(cropped(scene, box), pad, 255) ==
                    imageOf(data.at(name + "bk_padded_frame0")));
        }
    }
};

QTEST_APPLESS_MAIN(TestRoiClips)
#include "test_roi_clips.moc"
