// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/matting.h"

#include "perception_support.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace strata;
namespace fs = std::filesystem;

class TestMatting : public QObject {
    Q_OBJECT
    const fs::path m_model = test::modelFile("modnet/model.onnx");
    const fs::path m_person = test::dataFile("image/mimicmotion_demo1.jpg");

private Q_SLOTS:
    void thePersonIsInsideAndTheCornersAreNot() {
        NEEDS_FILE(m_model);
        NEEDS_FILE(m_person);
        const auto picture = test::readPicture(m_person);
        auto matting = Matting::load(m_model);
        QVERIFY(matting);
        const auto alpha = matting->alpha(picture, 256);
        QVERIFY(alpha);
        QCOMPARE(alpha->size(), picture.size());
        QCOMPARE(alpha->channels(), 1);
        double sum = 0;
        for (std::size_t i = 0; i < alpha->count(); ++i) {
            QVERIFY(alpha->data()[i] >= 0.f && alpha->data()[i] <= 1.f);
            sum += alpha->data()[i];
        }
        const double share = sum / double(alpha->count());
        QVERIFY2(share > 0.05 && share < 0.9, qPrintable(QString::number(share)));
        QVERIFY(alpha->at(picture.width() / 2, picture.height() / 2) > 0.9f);
        QVERIFY(alpha->at(2, 2) < 0.1f);
        QVERIFY(alpha->at(picture.width() - 3, 2) < 0.1f);
    }

    void oddSizesAndStripsComeBackInTheirOwnSize() {
        NEEDS_FILE(m_model);
        auto matting = Matting::load(m_model);
        QVERIFY(matting);
        for (const Size size : {Size{853, 481}, Size{1, 1}, Size{3, 400}}) {
            const auto alpha = matting->alpha(ImageU8(size.width, size.height, 3, 90), 64);
            QVERIFY(alpha);
            QCOMPARE(alpha->size(), size);
        }
    }

    void aNetworkSideThatIsNoMultipleOf32IsRefused() {
        NEEDS_FILE(m_model);
        auto matting = Matting::load(m_model);
        QVERIFY(matting);
        const auto alpha = matting->alpha(ImageU8(64, 64, 3), 100);
        QVERIFY(!alpha);
        QCOMPARE(alpha.error().code, ErrorCode::Usage);
    }

    void aDamagedModelIsNamedInOneSentence() {
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "model.onnx";
        std::ofstream(file) << "this is no graph";
        const auto matting = Matting::load(file);
        QVERIFY(!matting);
        QCOMPARE(matting.error().code, ErrorCode::BadFormat);
        QVERIFY(matting.error().message.find(file.string()) != std::string::npos);
        QVERIFY(matting.error().message.find('\n') == std::string::npos);
    }

    void aTruncatedModelIsDamaged() {
        NEEDS_FILE(m_model);
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "model.onnx";
        fs::copy_file(m_model, file);
        fs::resize_file(file, fs::file_size(file) / 2);
        const auto matting = Matting::load(file);
        QVERIFY(!matting);
        QCOMPARE(matting.error().code, ErrorCode::BadFormat);
    }

    void anotherModelsGraphIsRefused() {
        const auto other = test::modelFile("migan/migan_pipeline_v2.onnx");
        NEEDS_FILE(other);
        const auto matting = Matting::load(other);
        QVERIFY(!matting);
        QVERIFY(matting.error().message.find("not the MODNet model") != std::string::npos);
    }

    void aMissingModelIsNotFound() {
        const auto matting = Matting::load("/nonexistent/model.onnx");
        QVERIFY(!matting);
        QCOMPARE(matting.error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestMatting)
#include "test_matting.moc"
