// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/depth_estimator.h"

#include "engine/formats/mlmodelc.h"
#include "engine/formats/safetensors.h"
#include "perception_support.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace strata;
namespace fs = std::filesystem;

namespace {

// The package's constants under the official names, as an official file has them.
ArrayMap officialTensors(const fs::path& folder) {
    auto constants = readMlmodelc(folder);
    if (!constants)
        return {};
    ArrayMap tensors;
    for (auto& [name, array] : *constants) {
        if (!name.starts_with("model_"))
            continue;
        QString key = QString::fromStdString(name).mid(6);
        if (key.endsWith("_to_fp16"))
            key.chop(8);
        // Underscores that belong to names are kept; all the others are dots.
        for (const char* word :
             {"cls_token", "pos_embed", "patch_embed", "depth_head", "resize_layers", "out_conv",
              "output_conv", "layer1_rn", "layer2_rn", "layer3_rn", "layer4_rn"})
            key.replace(word, QString(word).replace('_', '#'));
        tensors[key.replace('_', '.').replace('#', '_').toStdString()] = array;
    }
    return tensors;
}

} // namespace

class TestDepthEstimator : public QObject {
    Q_OBJECT
    const fs::path m_model = test::modelFile("depth_anything_v2_small/model.mil");
    const fs::path m_person = test::dataFile("image/mimicmotion_demo1.jpg");

    static double mean(const ImageF& image, const RectI& rect) {
        double sum = 0;
        for (int y = rect.y0; y < rect.y1; ++y)
            for (int x = rect.x0; x < rect.x1; ++x)
                sum += image.at(x, y);
        return sum / (double(rect.width()) * rect.height());
    }

private Q_SLOTS:
    void whatIsNearerIsLarger() {
        NEEDS_FILE(m_model);
        NEEDS_FILE(m_person);
        auto estimator = DepthEstimator::load(m_model);
        QVERIFY2(estimator, estimator ? "" : estimator.error().message.c_str());
        const auto picture =
            test::readPicture(m_person); // a woman on a pavement, a door behind her
        const auto depth = estimator->inverseDepth(picture, 140);
        QVERIFY(depth);
        QCOMPARE(depth->size(), picture.size());
        const int w = picture.width(), h = picture.height();
        const double person =
            mean(*depth, {w * 45 / 100, h * 35 / 100, w * 55 / 100, h * 45 / 100});
        const double door = mean(*depth, {w * 85 / 100, h * 35 / 100, w * 95 / 100, h * 45 / 100});
        const double pavement =
            mean(*depth, {w * 2 / 100, h * 95 / 100, w * 20 / 100, h * 99 / 100});
        QVERIFY2(person > 1.5 * door, qPrintable(QString("%1 %2").arg(person).arg(door)));
        QVERIFY2(pavement > person, qPrintable(QString("%1 %2").arg(pavement).arg(person)));
    }

    void anySizeComesBackInItsOwnSize() {
        NEEDS_FILE(m_model);
        auto estimator = DepthEstimator::load(m_model.parent_path());
        QVERIFY(estimator);
        for (const Size size : {Size{85, 48}, Size{1, 1}, Size{3, 90}}) {
            const auto depth = estimator->inverseDepth(ImageU8(size.width, size.height, 3, 90), 28);
            QVERIFY(depth);
            QCOMPARE(depth->size(), size);
        }
        QVERIFY(!estimator->inverseDepth(ImageU8(8, 8, 3), 30));
        QVERIFY(!estimator->inverseDepth(ImageU8(8, 8, 1)));
    }

    void officialNamesGiveTheSameDepth() {
        NEEDS_FILE(m_model);
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "depth.safetensors";
        auto tensors = officialTensors(m_model.parent_path());
        tensors["pretrained.mask_token"] =
            Array::of({1, 384}, std::span<const float>(std::vector<float>(384)));
        QVERIFY(writeSafetensors(file, tensors));
        auto official = DepthEstimator::load(file), package = DepthEstimator::load(m_model);
        QVERIFY2(official, official ? "" : official.error().message.c_str());
        QVERIFY(package);
        ImageU8 picture(64, 48, 3);
        for (std::size_t i = 0; i < picture.count(); ++i)
            picture.data()[i] = std::uint8_t(i * 7 % 251);
        const auto a = official->inverseDepth(picture, 56), b = package->inverseDepth(picture, 56);
        QVERIFY(a && b);
        for (std::size_t i = 0; i < a->count(); ++i)
            QVERIFY(std::abs(a->data()[i] - b->data()[i]) < 1e-4f);
    }

    void aMissingTensorIsNamed() {
        NEEDS_FILE(m_model);
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "depth.safetensors";
        auto tensors = officialTensors(m_model.parent_path());
        tensors.erase("pretrained.blocks.7.mlp.fc2.bias");
        QVERIFY(writeSafetensors(file, tensors));
        const auto estimator = DepthEstimator::load(file);
        QVERIFY(!estimator);
        QVERIFY(estimator.error().message.find("pretrained.blocks.7.mlp.fc2.bias") !=
                std::string::npos);
        QVERIFY(estimator.error().message.find("depth.safetensors") != std::string::npos);
    }

    void anUnknownTensorIsRefused() {
        NEEDS_FILE(m_model);
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "depth.safetensors";
        auto tensors = officialTensors(m_model.parent_path());
        tensors["pretrained.register_tokens"] =
            Array::of({4}, std::span<const float>(std::vector<float>(4)));
        QVERIFY(writeSafetensors(file, tensors));
        const auto estimator = DepthEstimator::load(file);
        QVERIFY(!estimator);
        QVERIFY(estimator.error().message.find("register_tokens") != std::string::npos);
    }

    void damagedAndMissingModelsAreNamed() {
        QVERIFY(!DepthEstimator::load("/nonexistent/depth.pth"));
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "depth.pth";
        std::ofstream(file) << "this is no checkpoint";
        const auto estimator = DepthEstimator::load(file);
        QVERIFY(!estimator);
        QVERIFY(estimator.error().message.find("depth.pth") != std::string::npos);
        QVERIFY(estimator.error().message.find('\n') == std::string::npos);
    }

    void aTruncatedWeightFileIsDamaged() {
        NEEDS_FILE(m_model);
        QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        fs::copy_file(m_model, folder / "model.mil");
        fs::copy_file(m_model.parent_path() / "weight.bin", folder / "weight.bin");
        fs::resize_file(folder / "weight.bin", fs::file_size(folder / "weight.bin") / 2);
        QVERIFY(!DepthEstimator::load(folder));
    }
};

QTEST_GUILESS_MAIN(TestDepthEstimator)
#include "test_depth_estimator.moc"
