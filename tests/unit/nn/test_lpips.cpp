// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/initialise.h"
#include "engine/nn/lpips/lpips.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace strata;

namespace {

using Values = std::vector<double>; // [C, H, W], rows after rows

struct Map {
    int64_t channels, height, width;
    Values values;

    double at(int64_t c, int64_t y, int64_t x) const { // zero outside
        const bool inside = y >= 0 && x >= 0 && y < height && x < width;
        return inside ? values[std::size_t((c * height + y) * width + x)] : 0.0;
    }
};

Map mapOf(const torch::Tensor& picture) { // [C, H, W]
    const auto plain = picture.to(torch::kFloat64).contiguous();
    return {plain.size(0), plain.size(1), plain.size(2),
            Values(plain.data_ptr<double>(), plain.data_ptr<double>() + plain.numel())};
}

Map rectified(const Map& in, const torch::Tensor& weight, const torch::Tensor& bias, int64_t stride,
              int64_t padding) {
    const Map w = mapOf(weight.flatten(0, 1)), b = mapOf(bias.view({1, 1, -1}));
    const int64_t k = weight.size(2), out = weight.size(0);
    Map result{out,
               (in.height + 2 * padding - k) / stride + 1,
               (in.width + 2 * padding - k) / stride + 1,
               {}};
    for (int64_t o = 0; o < out; ++o)
        for (int64_t y = 0; y < result.height; ++y)
            for (int64_t x = 0; x < result.width; ++x) {
                double sum = b.values[std::size_t(o)];
                for (int64_t c = 0; c < in.channels; ++c)
                    for (int64_t v = 0; v < k; ++v)
                        for (int64_t u = 0; u < k; ++u)
                            sum += w.at(o * in.channels + c, v, u) *
                                   in.at(c, y * stride + v - padding, x * stride + u - padding);
                result.values.push_back(std::max(sum, 0.0));
            }
    return result;
}

Map pooled(const Map& in) {
    Map out{in.channels, (in.height - 3) / 2 + 1, (in.width - 3) / 2 + 1, {}};
    for (int64_t c = 0; c < out.channels; ++c)
        for (int64_t y = 0; y < out.height; ++y)
            for (int64_t x = 0; x < out.width; ++x) {
                double most = in.at(c, 2 * y, 2 * x);
                for (int64_t v = 0; v < 3; ++v)
                    for (int64_t u = 0; u < 3; ++u)
                        most = std::max(most, in.at(c, 2 * y + v, 2 * x + u));
                out.values.push_back(most);
            }
    return out;
}

double distanceOf(const Map& a, const Map& b, const torch::Tensor& weights) {
    const Map w = mapOf(weights.view({-1, 1, 1}));
    double sum = 0;
    for (int64_t y = 0; y < a.height; ++y)
        for (int64_t x = 0; x < a.width; ++x) {
            double left = 0, right = 0;
            for (int64_t c = 0; c < a.channels; ++c) {
                left += a.at(c, y, x) * a.at(c, y, x);
                right += b.at(c, y, x) * b.at(c, y, x);
            }
            for (int64_t c = 0; c < a.channels; ++c) {
                const double d = a.at(c, y, x) / (std::sqrt(left) + 1e-10) -
                                 b.at(c, y, x) / (std::sqrt(right) + 1e-10);
                sum += w.at(c, 0, 0) * d * d;
            }
        }
    return sum / double(a.height * a.width);
}

} // namespace

class TestLpips : public QObject {
    Q_OBJECT

    nn::Lpips m_network{nn::LpipsConfig{{4, 5, 6, 4, 3}}};

    torch::Tensor named(const std::string& name) { return m_network->named_parameters()[name]; }

private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        const torch::NoGradGuard noGrad;
        nn::initialise(*m_network, 4);
        for (int i = 0; i < 5; ++i) // as published: never negative
            named("lin" + std::to_string(i) + ".model.1.weight").abs_();
    }

    void isComputedAsDefined() {
        const torch::NoGradGuard noGrad;
        torch::manual_seed(6);
        const auto pictures = torch::rand({2, 3, 67, 71}) * 2 - 1;
        const auto given = m_network->forward(pictures.narrow(0, 0, 1), pictures.narrow(0, 1, 1));
        const double mean[] = {-0.030, -0.088, -0.188}, deviation[] = {0.458, 0.448, 0.450};
        Map maps[2];
        for (int i = 0; i < 2; ++i) {
            maps[i] = mapOf(pictures[i]);
            const auto plane = std::size_t(67 * 71);
            for (std::size_t k = 0; k < maps[i].values.size(); ++k)
                maps[i].values[k] = (maps[i].values[k] - mean[k / plane]) / deviation[k / plane];
        }
        const struct {
            const char* name;
            int64_t stride, padding;
            bool pool;
        } layers[] = {{"0", 4, 2, false},
                      {"3", 1, 2, true},
                      {"6", 1, 1, true},
                      {"8", 1, 1, false},
                      {"10", 1, 1, false}};
        double wanted = 0;
        for (int l = 0; l < 5; ++l) {
            const std::string name = std::string("features.") + layers[l].name;
            for (Map& map : maps)
                map = rectified(layers[l].pool ? pooled(map) : map, named(name + ".weight"),
                                named(name + ".bias"), layers[l].stride, layers[l].padding);
            wanted +=
                distanceOf(maps[0], maps[1], named("lin" + std::to_string(l) + ".model.1.weight"));
        }
        QVERIFY(wanted > 1e-3);
        QVERIFY(std::abs(given.item<double>() / wanted - 1) < 1e-4);
    }

    void equalPicturesHaveNoDistance() {
        const torch::NoGradGuard noGrad;
        const auto pictures = torch::rand({3, 3, 64, 64});
        QVERIFY(m_network->forward(pictures, pictures).abs().max().item<double>() == 0);
        const auto other = m_network->forward(pictures, pictures.flip(0));
        QVERIFY(other[0].item<double>() > 0 && other[1].item<double>() == 0);
        QVERIFY(torch::allclose(other[0], other[2])); // of both directions
        QVERIFY_EXCEPTION_THROWN(m_network->forward(pictures, pictures.narrow(2, 0, 31)),
                                 c10::Error);
    }

    void namesAreThoseOfTheFiles() {
        std::set<std::string> names;
        for (const auto& item : nn::Lpips()->named_parameters())
            names.insert(item.key());
        for (const char* name : {"features.0.weight", "features.10.bias", "lin0.model.1.weight",
                                 "lin4.model.1.weight"})
            QVERIFY2(names.contains(name), name);
        QCOMPARE(names.size(), std::size_t(15));
    }
};

QTEST_GUILESS_MAIN(TestLpips)
#include "test_lpips.moc"
