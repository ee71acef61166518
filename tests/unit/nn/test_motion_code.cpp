// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/body/body_model.h"
#include "engine/nn/codes/motion_code.h"
#include "engine/raster/motion_code.h"

#include <QTest>

#include <cmath>
#include <cstdio>

using namespace strata;

namespace {

constexpr int kChannels = 5;
constexpr int kFrames = 3;
constexpr RasterCamera kCamera{72, 96, 110.f, 110.f, 36.f, 48.f, 0.05f};

} // namespace

/// Learnt codes on the body's vertices: their pictures and the gradients that come back.
class TestMotionCode : public QObject {
    Q_OBJECT
private:
    BodyModel m_body;
    std::vector<std::uint32_t> m_faces;
    std::vector<float> m_rest;
    torch::Tensor m_vertices; // [N, V, 3] in the camera's frame
    std::shared_ptr<const nn::BodyRasters> m_rasters;

    nn::MotionCode code(std::uint64_t seed, int channels = kChannels) const {
        nn::MotionCode out(kBodyVertices, channels);
        out->initialise(m_rest, seed);
        return out;
    }

private Q_SLOTS:
    void initTestCase() {
        auto body =
            loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
        QVERIFY2(body, body ? "" : body.error().message.c_str());
        m_body = std::move(*body);
        for (const auto& face : m_body.faces)
            m_faces.insert(m_faces.end(), {face.x, face.y, face.z});
        for (const auto& v : m_body.vTemplate)
            m_rest.insert(m_rest.end(), {v.x, v.y, v.z});
        const ShapedBody shaped(m_body, {});
        m_vertices = torch::empty({kFrames, kBodyVertices, 3});
        std::vector<glm::vec3> posed(kBodyVertices);
        for (int i = 0; i < kFrames; ++i) {
            BodyPose pose;
            pose.rotations[0] = {float(M_PI), 0.3f * float(i), 0.f}; // y down
            pose.rotations[16] = {0.f, 0.f, 0.6f * float(i)};
            pose.translation = {0.1f * float(i), 0.f, 2.6f};
            shaped.pose(pose, posed, {});
            std::copy_n(&posed.front().x, 3 * kBodyVertices, m_vertices[i].data_ptr<float>());
        }
        m_rasters = std::make_shared<nn::BodyRasters>(m_vertices, m_faces,
                                                      std::vector<RasterCamera>(kFrames, kCamera));
    }

    void picturesAreThoseOfTheRenderer() {
        const auto codes = code(1);
        const auto pictures = codes->forward(m_rasters);
        QCOMPARE(pictures.sizes().vec(),
                 (std::vector<std::int64_t>{kFrames, kChannels, kCamera.height, kCamera.width}));
        const auto values = codes->codes.detach().contiguous();
        double most = 0;
        int covered = 0;
        for (int i = 0; i < kFrames; ++i) {
            const ImageF wanted = renderMotionCode(
                {m_vertices[i].data_ptr<float>(), std::size_t(3 * kBodyVertices)}, m_faces,
                {values.data_ptr<float>(), std::size_t(values.numel())}, kChannels, kCamera);
            const auto given = pictures[i].detach().permute({1, 2, 0}).contiguous();
            for (std::size_t k = 0; k < wanted.count(); ++k) {
                most = std::max(
                    most, std::abs(double(given.data_ptr<float>()[k]) - double(wanted.data()[k])));
                covered += wanted.data()[k] != 0;
            }
        }
        std::printf("pictures against the renderer's: max %.1e, %d values on the body\n", most,
                    covered);
        QCOMPARE(most, 0.0);
        QVERIFY(covered > kFrames * kChannels * 400);
    }

    // Through something that is not linear in the pictures, as the networks are not.
    void theGradientIsThatOfCentralDifferences() {
        const auto codes = code(2);
        torch::manual_seed(3);
        const auto mix = torch::randn({4, kChannels, 3, 3}, torch::kFloat64);
        const auto lossOf = [&](const torch::Tensor& values) {
            const auto pictures = nn::drawCodes(values, m_rasters).to(torch::kFloat64);
            return at::conv2d(pictures, mix, {}, 1, 1).tanh().square().sum();
        };
        lossOf(codes->codes).backward();
        const auto gradient = codes->codes.grad();
        QVERIFY(gradient.defined() && gradient.abs().sum().item<float>() > 1);
        const auto seen = gradient.abs().sum(1).nonzero().flatten();
        QVERIFY(seen.size(0) > 1000);
        const torch::NoGradGuard noGrad;
        const double largest = gradient.abs().max().item<double>();
        double most = 0;
        for (int i = 0; i < 60; ++i) {
            const auto vertex = seen[i * 7919 % seen.size(0)].item<std::int64_t>();
            const auto channel = i % kChannels;
            const double step = 2e-3;
            const auto moved = [&](double by) {
                auto values = codes->codes.detach().clone();
                values[vertex][channel] += by;
                return lossOf(values).item<double>();
            };
            const double numeric = (moved(step) - moved(-step)) / (2 * step);
            most = std::max(most,
                            std::abs(numeric - gradient[vertex][channel].item<double>()) / largest);
        }
        // All at once, along a direction of all vertices.
        const auto direction = torch::randn(codes->codes.sizes());
        const auto along = [&](double by) {
            return lossOf(codes->codes.detach() + direction * by).item<double>();
        };
        const double analytic =
            (gradient.to(torch::kFloat64) * direction.to(torch::kFloat64)).sum().item<double>();
        const double numeric = (along(1e-4) - along(-1e-4)) / 2e-4;
        const double relative = std::abs(numeric - analytic) / std::abs(analytic);
        std::printf("gradient of single codes: max difference %.1e of the largest; along a "
                    "direction: %.1e\n",
                    most, relative);
        QVERIFY(most < 1e-4);
        QVERIFY(relative < 1e-3);
    }

    void whatIsNotSeenIsZeroAndGetsNoGradient() {
        const auto codes = code(4);
        const auto pictures = codes->forward(m_rasters);
        const auto seen = pictures.detach().abs().sum(1) > 0; // codes are never 0
        QVERIFY(seen.sum().item<std::int64_t>() > 1000);
        QVERIFY((~seen).sum().item<std::int64_t>() > 1000);
        // Whatever is wanted of the background says nothing about the codes.
        (pictures * (~seen).unsqueeze(1)).sum().backward();
        QCOMPARE(codes->codes.grad().abs().max().item<float>(), 0.f);
        codes->codes.mutable_grad().reset();
        codes->forward(m_rasters).sum().backward();
        const auto gradient = codes->codes.grad().sum(1);
        const auto hidden = (gradient == 0).sum().item<std::int64_t>();
        std::printf("%lld of %d vertices are in no frame\n", static_cast<long long>(hidden),
                    kBodyVertices);
        QVERIFY(hidden > 500 && hidden < kBodyVertices - 500);
        // A code's weights over all pixels add up to the part of them that the body covers.
        QVERIFY(std::abs(gradient.sum().item<double>() - kChannels * coverage()) <
                1e-3 * kChannels * coverage());
    }

    void everythingIsTheSameAgain() {
        const auto once = code(5), again = code(5), other = code(6);
        QVERIFY(torch::equal(once->codes, again->codes));
        QVERIFY(!torch::equal(once->codes, other->codes));
        std::vector<torch::Tensor> gradients;
        for (const auto& codes : {once, again}) {
            codes->forward(m_rasters).square().sum().backward();
            gradients.push_back(codes->codes.grad());
        }
        QVERIFY(torch::equal(gradients[0], gradients[1]));
    }

    void codesStartSmoothAndDifferent() {
        const auto codes = code(7, 16)->codes.detach();
        QVERIFY(codes.min().item<float>() > 0.1f && codes.max().item<float>() < 1.f);
        // Neighbours are alike, while the body as a whole uses the range.
        const auto faces =
            torch::tensor(std::vector<std::int64_t>(m_faces.begin(), m_faces.end())).view({-1, 3});
        const auto edge =
            (codes.index_select(0, faces.select(1, 0)) - codes.index_select(0, faces.select(1, 1)))
                .abs()
                .mean(0);
        const auto spread = codes.std(0);
        for (int c = 0; c < 16; ++c) {
            QVERIFY2(spread[c].item<float>() > 0.05f, qPrintable(QString::number(c)));
            QVERIFY2(edge[c].item<float>() < 0.5f * spread[c].item<float>(),
                     qPrintable(QString::number(c)));
        }
    }

    void otherTypesComeBackAsTheyWere() {
        const auto codes = code(8)->codes.detach().to(torch::kFloat64).requires_grad_();
        const auto pictures = nn::drawCodes(codes, m_rasters);
        QCOMPARE(pictures.scalar_type(), torch::kFloat64);
        pictures.sum().backward();
        QCOMPARE(codes.grad().scalar_type(), torch::kFloat64);
    }

    void wrongShapesAreRefused() {
        const auto draw = [&](const torch::Tensor& codes) { nn::drawCodes(codes, m_rasters); };
        QVERIFY_EXCEPTION_THROWN(draw(torch::zeros({10, 4})), c10::Error);
        const std::vector<std::uint32_t> faces{0, 1, std::uint32_t(kBodyVertices)};
        const std::vector<RasterCamera> cameras(kFrames, kCamera);
        const auto make = [&] { nn::BodyRasters(m_vertices, faces, cameras); };
        QVERIFY_EXCEPTION_THROWN(make(), c10::Error);
        const std::vector<RasterCamera> one(1, kCamera);
        const auto few = [&] { nn::BodyRasters(m_vertices, m_faces, one); };
        QVERIFY_EXCEPTION_THROWN(few(), c10::Error);
    }

private:
    double coverage() const {
        const auto ones = torch::ones({kBodyVertices, 1});
        return nn::drawCodes(ones, m_rasters).sum().item<double>();
    }
};

QTEST_GUILESS_MAIN(TestMotionCode)
#include "test_motion_code.moc"
