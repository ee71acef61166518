// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/nn/golden_compare.h"

#include "engine/nn/clip/clip_vision.h"
#include "engine/nn/mimo/mimo_config.h"
#include "engine/nn/pose/pose_guider.h"
#include "engine/nn/unet/unet.h"
#include "engine/nn/vae/vae.h"

#include <numeric>

using namespace strata;
using namespace strata::test;

namespace {

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

// Networks of the full size, without a byte of memory for their values.
const torch::TensorOptions kNowhere = torch::TensorOptions().device(torch::kMeta);

Shapes shapesOf(const torch::nn::Module& network) {
    Shapes shapes;
    for (const auto& item : network.named_parameters())
        shapes[item.key()] = item.value().sizes().vec();
    for (const auto& item : network.named_buffers())
        shapes[item.key()] = item.value().sizes().vec();
    return shapes;
}

Shapes only(const Shapes& shapes, bool motion) {
    Shapes part;
    for (const auto& [name, shape] : shapes)
        if ((name.find("motion_modules.") != std::string::npos) == motion)
            part[name] = shape;
    return part;
}

std::int64_t elementsOf(const Shapes& shapes) {
    std::int64_t sum = 0;
    for (const auto& [name, shape] : shapes)
        sum += std::accumulate(shape.begin(), shape.end(), std::int64_t(1), std::multiplies<>());
    return sum;
}

/// The first name that only one side has, or whose shapes differ.
std::string firstDifference(const Shapes& given, const Shapes& wanted) {
    for (const auto& [name, shape] : wanted) {
        const auto found = given.find(name);
        if (found == given.end())
            return name + " is missing";
        if (found->second != shape)
            return name + " is " + nameOf(found->second) + " instead of " + nameOf(shape);
    }
    for (const auto& [name, shape] : given)
        if (!wanted.contains(name))
            return name + " should not be there";
    return {};
}

} // namespace

#define COMPARE_MANIFEST(name, shapes, tensors, elements)                                          \
    do {                                                                                           \
        const auto wanted = goldenManifest(name);                                                  \
        QVERIFY2(wanted, wanted ? "" : wanted.error().message.c_str());                            \
        const auto difference = firstDifference(shapes, *wanted);                                  \
        QVERIFY2(difference.empty(), difference.c_str());                                          \
        QCOMPARE((shapes).size(), std::size_t(tensors));                                           \
        QCOMPARE(elementsOf(shapes), std::int64_t(elements));                                      \
    } while (false)

class TestMimoManifests : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void referenceNetwork() {
        const auto shapes = shapesOf(*nn::ReferenceUnet(m_official.reference, kNowhere));
        COMPARE_MANIFEST("reference_unet", shapes, 682, 859508800);
    }

    void denoiser() {
        const auto shapes = shapesOf(*nn::DenoisingUnet(m_official.denoiser, kNowhere));
        COMPARE_MANIFEST("denoising_unet_with_motion", shapes, 1274, 1313950084);
        COMPARE_MANIFEST("motion_module", only(shapes, true), 588, 454417600);
        COMPARE_MANIFEST("denoising_unet_spatial_only", only(shapes, false), 686, 859532484);
    }

    void poseGuider() {
        const auto shapes = shapesOf(*nn::PoseGuider(m_official.pose, kNowhere));
        COMPARE_MANIFEST("pose_guider", shapes, 16, 1086480);
    }

    void pictureCoder() {
        const auto shapes = shapesOf(*nn::Vae(m_official.vae, kNowhere));
        COMPARE_MANIFEST("vae", shapes, 248, 83653863);
    }

    void clipVisionTower() {
        const auto shapes = shapesOf(*nn::ClipVision(m_official.clip, kNowhere));
        COMPARE_MANIFEST("clip_vision", shapes, 392, 303966208);
    }

    // The paper's networks differ from the release's in their inputs alone.
    void variantOfThePaper() {
        const auto paper = nn::MimoConfig::paper(16);
        QVERIFY(bool(check(paper)));
        auto shapes = shapesOf(*nn::DenoisingUnet(paper.denoiser, kNowhere));
        QCOMPARE(shapes.at("conv_in.weight"), (std::vector<std::int64_t>{320, 12, 3, 3}));
        shapes["conv_in.weight"][1] = 8;
        COMPARE_MANIFEST("denoising_unet_with_motion", shapes, 1274, 1313950084);
        const auto guider = shapesOf(*nn::PoseGuider(paper.pose, kNowhere));
        QCOMPARE(guider.at("conv_in.weight"), (std::vector<std::int64_t>{16, 16, 3, 3}));
    }

    void configurationsAreChecked() {
        QVERIFY(bool(check(m_official)));
        QVERIFY(bool(check(nn::MimoConfig::small())));
        const auto broken = [](const auto& change) {
            auto config = nn::MimoConfig::official();
            change(config);
            return !check(config);
        };
        QVERIFY(broken([](auto& c) { c.denoiser.channels = {320, 640, 1280, 1300}; }));
        QVERIFY(broken([](auto& c) { c.denoiser.inChannels = 12; }));
        QVERIFY(broken([](auto& c) { c.denoiser.heads = 7; }));
        QVERIFY(broken([](auto& c) { c.reference.channels.pop_back(); }));
        QVERIFY(broken([](auto& c) { c.pose.outChannels = 64; }));
        QVERIFY(broken([](auto& c) { c.vae.channels.clear(); }));
        QVERIFY(broken([](auto& c) { c.clip.heads = 15; }));
        QVERIFY(broken([](auto& c) { c.clip.projection = 512; }));
    }

private:
    const nn::MimoConfig m_official = nn::MimoConfig::official();
};

QTEST_GUILESS_MAIN(TestMimoManifests)
#include "test_mimo_manifests.moc"
