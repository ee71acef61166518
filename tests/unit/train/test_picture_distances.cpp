// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/formats/safetensors.h"
#include "engine/nn/layers/initialise.h"
#include "engine/nn/lpips/lpips.h"
#include "engine/train/session/picture_distances.h"
#include "engine/weights/tensor_map.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace strata;
namespace fs = std::filesystem;

class TestPictureDistances : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    nn::Lpips m_network;

    fs::path place(const char* name) const {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    /// Those of the network's weights whose names begin so.
    Status write(const char* name, const std::string& prefix, bool further) const {
        ArrayMap arrays;
        for (const auto& item : m_network->named_parameters())
            if (item.key().starts_with(prefix)) {
                STRATA_ASSIGN(arrays[item.key()], toArray(item.value().detach()));
            }
        if (further) {
            STRATA_ASSIGN(arrays["classifier.6.bias"], toArray(torch::zeros({10})));
        }
        return writeSafetensors(place(name), arrays);
    }

private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        nn::initialise(*m_network, 9);
        QVERIFY(write("alexnet.safetensors", "features", true));
        QVERIFY(write("linear.safetensors", "lin", false));
    }

    void lpipsIsReadFromItsTwoFiles() {
        const auto distance =
            perceptualDistance(place("alexnet.safetensors"), place("linear.safetensors"), "cpu");
        QVERIFY2(distance, distance ? "" : distance.error().message.c_str());
        QCOMPARE(distance->name, std::string("LPIPS"));
        ImageU8 a(48, 40, 3, 10), b(48, 40, 3, 10);
        for (std::size_t i = 0; i < b.count(); ++i)
            b.data()[i] = std::uint8_t(i * 7 % 256);
        const auto planes = [](const ImageU8& image) {
            return torch::from_blob(const_cast<std::uint8_t*>(image.data()), {1, 40, 48, 3},
                                    torch::kUInt8)
                           .permute({0, 3, 1, 2})
                           .to(torch::kFloat32) /
                       127.5 -
                   1;
        };
        const torch::NoGradGuard noGrad;
        const double wanted = m_network->forward(planes(a), planes(b)).item<double>();
        QVERIFY(std::abs(wanted) > 1e-6);
        const auto found = distance->between(a, b);
        QVERIFY(found && std::abs(*found - wanted) < 1e-6);
        QCOMPARE(*distance->between(b, b), 0.0);
        QVERIFY(!distance->between(a, ImageU8(48, 41, 3))); // a sentence, no crash
    }

    void aFileThatLacksATensorIsNamed() {
        const auto swapped =
            perceptualDistance(place("alexnet.safetensors"), place("alexnet.safetensors"), "cpu");
        QVERIFY(!swapped);
        QVERIFY2(swapped.error().message.find("lin0.model.1.weight") != std::string::npos,
                 swapped.error().message.c_str());
        QVERIFY(!perceptualDistance(place("none.pth"), place("linear.safetensors"), "cpu"));
    }
};

QTEST_GUILESS_MAIN(TestPictureDistances)
#include "test_picture_distances.moc"
