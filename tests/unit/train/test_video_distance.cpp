// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/formats/safetensors.h"
#include "engine/nn/i3d/i3d.h"
#include "engine/train/session/video_distance.h"
#include "engine/weights/tensor_map.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace strata;

namespace {

using Features = std::vector<std::vector<float>>;

double distance(const Features& a, const Features& b) {
    const auto found = frechetDistance(a, b);
    return found ? *found : std::nan("");
}

bool close(double a, double b) { return std::abs(a - b) < 1e-6 * std::max(1.0, std::abs(b)); }

} // namespace

class TestVideoDistance : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void distributionsOfOneNumber() { // means 1 and 3, variances 2 and 8
        QVERIFY(close(distance({{0}, {2}}, {{1}, {5}}), 4 + 2 + 8 - 2 * std::sqrt(16.0)));
        QVERIFY(close(distance({{0}, {2}}, {{0}, {2}}), 0));
    }

    void distributionsOfTwoNumbers() {
        // Means 0; covariances [[8, 0], [0, 2]] / 3 and [[2, 2], [2, 4]] / 3, which do not commute:
        // their product is [[16, 16], [4, 8]] / 9, and of two by two tr M^1/2 is
        // (tr M + 2 det(M)^1/2)^1/2.
        const Features a{{2, 0}, {-2, 0}, {0, 1}, {0, -1}}, b{{1, 1}, {-1, -1}, {0, 1}, {0, -1}};
        const double root = std::sqrt(24.0 / 9 + 2 * std::sqrt(64.0) / 9);
        QVERIFY(close(distance(a, b), 10.0 / 3 + 6.0 / 3 - 2 * root));
        QVERIFY(close(distance(b, a), distance(a, b)));
    }

    void setsThatCannotBeComparedAreRefused() {
        QCOMPARE(frechetDistance(Features{{1}}, Features{{1}, {2}}).error().code,
                 ErrorCode::NothingToDo);
        QCOMPARE(frechetDistance(Features{{1}, {2}}, Features{{1, 1}, {2, 2}}).error().code,
                 ErrorCode::ShapeMismatch);
    }

    void clipsBecomeTheLogitsOfTheirFrames() {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / "i3d.safetensors";
        nn::I3d network;
        ArrayMap arrays;
        const torch::NoGradGuard noGrad;
        for (auto& item : network->named_parameters()) {
            item.value().normal_(0, item.value().dim() > 1 ? 0.05 : 0.5);
            arrays[item.key()] = *toArray(item.value());
        }
        for (auto& item : network->named_buffers())
            arrays[item.key()] = *toArray(item.value());
        QVERIFY(writeSafetensors(path, arrays));

        const auto features = videoFeatures(path, "cpu");
        QVERIFY2(features, features ? "" : features.error().message.c_str());
        QCOMPARE(features->name, std::string("FVD"));
        QCOMPARE(features->leastFrames, 9);
        std::vector<ImageU8> frames;
        auto video = torch::empty({1, 3, 9, 224, 224}); // squares of 4 pixels, so resizing is known
        for (int t = 0; t < 9; ++t) {
            const auto level = std::uint8_t(20 * t);
            frames.emplace_back(56, 56, 3, level);
            video.select(2, t).fill_(level / 127.5 - 1);
        }
        const auto logits = features->of(frames);
        QVERIFY2(logits, logits ? "" : logits.error().message.c_str());
        const auto wanted = network->forward(video)[0];
        QCOMPARE(logits->size(), std::size_t(400));
        QVERIFY(wanted.std().item<double>() > 1e-3);
        for (int k = 0; k < 400; ++k)
            QVERIFY(std::abs((*logits)[std::size_t(k)] - wanted[k].item<float>()) <
                    1e-3 * wanted.abs().max().item<double>());
        frames.resize(8);
        QVERIFY(!features->of(frames)); // a sentence, no crash

        arrays.erase("Mixed_4c.b1b.conv3d.weight");
        QVERIFY(writeSafetensors(path, arrays));
        const auto missing = videoFeatures(path, "cpu");
        QVERIFY(!missing);
        QVERIFY2(missing.error().message.find("Mixed_4c.b1b.conv3d.weight") != std::string::npos,
                 missing.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestVideoDistance)
#include "test_video_distance.moc"
