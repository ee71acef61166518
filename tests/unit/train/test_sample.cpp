// SPDX-License-Identifier: Apache-2.0
#include "engine/body/motion.h"
#include "engine/media/gray_reader.h"
#include "engine/media/image_io.h"
#include "engine/media/video_reader.h"

#include <QTest>

#include <cmath>

using namespace strata;

namespace {

const std::filesystem::path kFolder = std::filesystem::path(STRATA_SOURCE_DIR) / "assets/samples";

} // namespace

/// The bundled sample and its truth fit together: other tests measure against them.
class TestSample : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<VideoReader> m_clip, m_plate;
    std::unique_ptr<MaskReader> m_human, m_occluder;

    template <typename T>
    static void take(Result<std::unique_ptr<T>> opened, std::unique_ptr<T>& to) {
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        to = std::move(*opened);
    }

private Q_SLOTS:
    void initTestCase() {
        take(VideoReader::open(kFolder / "walk.mp4"), m_clip);
        take(VideoReader::open(kFolder / "walk_plate.mp4"), m_plate);
        take(MaskReader::open(kFolder / "walk_human.mkv"), m_human);
        take(MaskReader::open(kFolder / "walk_occluder.mkv"), m_occluder);
    }

    void allStreamsHaveTheSameFrames() {
        QCOMPARE(m_clip->frameCount(), 84);
        QCOMPARE(m_clip->frameSize(), (Size{854, 480}));
        for (const auto& [count, size] :
             {std::pair(m_plate->frameCount(), m_plate->frameSize()),
              std::pair(m_human->frameCount(), m_human->frameSize()),
              std::pair(m_occluder->frameCount(), m_occluder->frameSize())}) {
            QCOMPARE(count, m_clip->frameCount());
            QCOMPARE(size, m_clip->frameSize());
        }
    }

    void theyAreSmallEnoughToShip() {
        std::uintmax_t bytes = 0;
        for (const auto& entry : std::filesystem::directory_iterator(kFolder))
            bytes += entry.file_size();
        QVERIFY2(bytes < 4'000'000, qPrintable(QString::number(bytes)));
    }

    void awayFromTheWalkerTheClipIsThePlate() {
        for (const int index : {3, 40, 80}) {
            const auto clip = m_clip->frame(index);
            const auto plate = m_plate->frame(index);
            const auto human = m_human->frame(index);
            const auto occluder = m_occluder->frame(index);
            QVERIFY(clip && plate && human && occluder);
            double inside = 0, outside = 0, insideCount = 0, outsideCount = 0;
            for (int y = 0; y < 480; ++y)
                for (int x = 0; x < 854; ++x) {
                    const int h = (*human)->at(x, y);
                    QVERIFY(h + (*occluder)->at(x, y) <= 256);
                    const double d = double((*clip)->at(x, y, 1)) - (*plate)->at(x, y, 1);
                    if (h > 250) {
                        inside += d * d;
                        ++insideCount;
                    } else if (h == 0 && y < 300) { // the shadow lies below
                        outside += d * d;
                        ++outsideCount;
                    }
                }
            QVERIFY(insideCount > 3000);
            const double psnr = 10 * std::log10(255 * 255 / (outside / outsideCount));
            QVERIFY2(psnr > 32, qPrintable(QString::number(psnr)));
            QVERIFY(inside / insideCount > 20 * outside / outsideCount);
        }
    }

    void theMotionProjectsIntoTheMask() {
        auto model =
            loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
        QVERIFY(model);
        const auto motion = readAmass(kFolder / "walk_motion.npz");
        QVERIFY2(motion, motion ? "" : motion.error().message.c_str());
        QCOMPARE(std::int64_t(motion->frames.size()), m_clip->frameCount());
        QCOMPARE(motion->cameras.size(), motion->frames.size());
        QCOMPARE(motion->fps, (Rational{24, 1}));
        const ShapedBody body(*model, motion->betas);
        std::vector<glm::vec3> joints(kBodyJoints);
        for (const std::size_t index : {0u, 20u, 60u, 83u}) {
            body.pose(motion->frames[index], {}, joints);
            const auto human = m_human->frame(std::int64_t(index));
            const auto occluder = m_occluder->frame(std::int64_t(index));
            QVERIFY(human && occluder);
            for (const int joint : {0, 4, 5, 7, 8, 12, 15, 16, 17}) {
                const glm::vec2 at = motion->cameras[index].project(joints[std::size_t(joint)]);
                const int x = int(at.x);
                const int y = int(at.y);
                QVERIFY2((*human)->at(x, y) > 127 || (*occluder)->at(x, y) > 127,
                         qPrintable(QString("joint %1 of frame %2").arg(joint).arg(index)));
            }
        }
    }

    void theIdentityPicturesAreThere() {
        for (const char* name : {"identity_1.jpg", "identity_2.jpg"}) {
            const auto picture = readImage(kFolder / name);
            QVERIFY2(picture, picture ? "" : picture.error().message.c_str());
            QCOMPARE(picture->size(), (Size{512, 768}));
        }
    }
};

QTEST_GUILESS_MAIN(TestSample)
#include "test_sample.moc"
