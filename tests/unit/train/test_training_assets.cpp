// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"
#include "engine/formats/safetensors.h"
#include "tests/unit/train/small_assets.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace strata;

namespace {

const std::string kBody = std::string(STRATA_SOURCE_DIR) + "/assets/body/strata_body.npz";

} // namespace

class TestTrainingAssets : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path m_file;
    TrainingAssets m_assets;

private Q_SLOTS:
    void initTestCase() {
        m_assets = test::smallAssets();
        m_file = m_folder.filePath("assets.safetensors").toStdString();
        QVERIFY(bool(m_assets.save(m_file)));
    }

    void whatIsSavedIsReadAgain() {
        const auto read = TrainingAssets::load(m_file, kBody);
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE(read->wear.size(), m_assets.wear.size());
        QCOMPARE(read->places.size(), m_assets.places.size());
        QCOMPARE(read->patches.size(), m_assets.patches.size());
        QCOMPARE(read->motions.size(), m_assets.motions.size());
        for (const WearAsset& own : m_assets.wear) {
            const auto same = std::find_if(read->wear.begin(), read->wear.end(),
                                           [&](const auto& a) { return a.name == own.name; });
            QVERIFY(same != read->wear.end());
            QVERIFY(same->kind == own.kind && same->zones == own.zones);
            QVERIFY(same->garment.mesh.vertices == own.garment.mesh.vertices);
            QVERIFY(same->garment.mesh.faces == own.garment.mesh.faces);
            QVERIFY(same->garment.bones == own.garment.bones);
            QVERIFY(same->garment.covers == own.garment.covers);
            QCOMPARE(same->garment.hidesSkin, own.garment.hidesSkin);
            QVERIFY(same->picture.bytes == own.picture.bytes);
            for (std::size_t i = 0; i < own.garment.boneWeights.size(); ++i)
                QVERIFY(glm::distance(same->garment.boneWeights[i], own.garment.boneWeights[i]) <
                        1e-3f);
        }
        for (const MotionAsset& own : m_assets.motions) {
            const auto same = std::find_if(read->motions.begin(), read->motions.end(),
                                           [&](const auto& m) { return m.name == own.name; });
            QVERIFY(same != read->motions.end() && same->frames.size() == own.frames.size());
            QVERIFY(same->frames[4].translation == own.frames[4].translation);
            QVERIFY(glm::distance(same->frames[4].rotations[1], own.frames[4].rotations[1]) <
                    1e-3f);
        }
    }

    void picturesComeBackAlmostAsTheyWere() {
        ImageU8 picture(32, 20, 3);
        for (int y = 0; y < 20; ++y)
            for (int x = 0; x < 32; ++x) {
                picture.at(x, y, 0) = std::uint8_t(6 * x + 20);
                picture.at(x, y, 1) = std::uint8_t(8 * y + 30);
                picture.at(x, y, 2) = std::uint8_t(3 * (x + y));
            }
        const BlockPicture blocks = BlockPicture::of(picture);
        QCOMPARE(blocks.bytes.size(), std::size_t(8 * 5 * 10));
        const ImageU8 back = blocks.unpacked();
        QVERIFY(back.size() == picture.size());
        double squares = 0;
        for (std::size_t i = 0; i < back.count(); ++i)
            squares += std::pow(double(back.data()[i]) - picture.data()[i], 2);
        QVERIFY2(std::sqrt(squares / double(back.count())) < 8, "5 bits a pixel");
        const ImageU8 plain(8, 8, 3, 77); // one colour is exact
        QVERIFY(BlockPicture::of(plain).unpacked() == plain);
    }

    void damagedFilesAreRefusedWithASentence_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"wear/suit/suit_1/faces", "wear/suit/suit_1/near",
                                 "wear/suit/suit_1/bones", "wear/suit/suit_1/zones"})
            QTest::newRow(name) << QString(name);
    }

    void damagedFilesAreRefusedWithASentence() {
        QFETCH(QString, name);
        auto arrays = readSafetensors(m_file);
        QVERIFY(bool(arrays));
        Array& array = (*arrays)[name.toStdString()];
        std::vector<std::byte> bytes(array.bytes.begin(), array.bytes.end());
        bytes[0] = bytes[1] = std::byte(0xff); // an index that points outside
        array = Array::ofBytes(array.type, array.shape, bytes);
        const auto file = std::filesystem::path(m_folder.filePath("bad.safetensors").toStdString());
        QVERIFY(bool(writeSafetensors(file, *arrays)));
        const auto read = TrainingAssets::load(file, kBody);
        QVERIFY(!read);
        QVERIFY2(read.error().message.find("suit_1") != std::string::npos,
                 read.error().message.c_str());
    }

    void filesWithoutClothesAreRefused() {
        const auto file = std::filesystem::path(m_folder.filePath("few.safetensors").toStdString());
        TrainingAssets few = m_assets;
        few.wear.clear();
        QVERIFY(bool(few.save(file)));
        const auto read = TrainingAssets::load(file, kBody);
        QVERIFY(!read && read.error().code == ErrorCode::BadFormat);
    }

    void streamsOfNeighbouringSeedsAreUnrelated() {
        std::vector<std::uint64_t> first;
        for (std::uint64_t seed = 0; seed < 50; ++seed)
            for (std::uint64_t purpose = 0; purpose < 4; ++purpose) {
                RandomStream random(seed, purpose);
                for (int i = 0; i < 20; ++i)
                    first.push_back(random.next());
            }
        std::sort(first.begin(), first.end());
        QVERIFY2(std::adjacent_find(first.begin(), first.end()) == first.end(),
                 "no stream runs into another");
        RandomStream random(7);
        double sum = 0, squares = 0;
        constexpr int kCount = 20000;
        for (int i = 0; i < kCount; ++i) {
            const double x = random.normal();
            sum += x;
            squares += x * x;
        }
        QVERIFY(std::abs(sum / kCount) < 0.03 && std::abs(squares / kCount - 1) < 0.05);
    }

    void theDivisionGoesByNameAlone() {
        int held = 0;
        for (int i = 0; i < 1000; ++i)
            held += splitOf("name" + std::to_string(i)) == Split::HeldOut;
        QVERIFY2(held > 150 && held < 250, qPrintable(QString::number(held)));
        // Pinned: what was held out stays held out.
        QVERIFY(splitOf("male_worksuit01") == Split::Train);
        QVERIFY(splitOf("male_casualsuit04") == Split::HeldOut);
    }
};

QTEST_GUILESS_MAIN(TestTrainingAssets)
#include "test_training_assets.moc"
