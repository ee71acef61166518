// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/i3d/i3d.h"
#include "engine/nn/layers/initialise.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace strata;

namespace {

/// [C, T, H, W] in plain memory; `outside` beyond its borders.
struct Volume {
    int64_t channels = 0, size[3] = {0, 0, 0};
    std::vector<double> values;

    double at(int64_t c, const int64_t (&p)[3]) const {
        for (int a = 0; a < 3; ++a)
            if (p[a] < 0 || p[a] >= size[a])
                return 0;
        return values[std::size_t(((c * size[0] + p[0]) * size[1] + p[1]) * size[2] + p[2])];
    }
};

Volume volumeOf(const torch::Tensor& x) {
    const auto plain = x.to(torch::kFloat64).contiguous();
    return {plain.size(0),
            {plain.size(1), plain.size(2), plain.size(3)},
            {plain.data_ptr<double>(), plain.data_ptr<double>() + plain.numel()}};
}

/// Answers for every place that TensorFlow's SAME has: ceil(size / stride) of them, the window so
/// placed that what it reaches beyond both ends is alike, the odd one behind.
template <typename Use>
Volume windows(const Volume& in, int64_t channels, const int64_t (&kernel)[3],
               const int64_t (&stride)[3], Use use) {
    Volume out{channels, {}, {}};
    int64_t before[3];
    for (int a = 0; a < 3; ++a) {
        out.size[a] = (in.size[a] + stride[a] - 1) / stride[a];
        const int64_t reach = (out.size[a] - 1) * stride[a] + kernel[a] - in.size[a];
        before[a] = std::max<int64_t>(reach, 0) / 2;
    }
    for (int64_t c = 0; c < channels; ++c)
        for (int64_t t = 0; t < out.size[0]; ++t)
            for (int64_t y = 0; y < out.size[1]; ++y)
                for (int64_t x = 0; x < out.size[2]; ++x)
                    out.values.push_back(
                        use(c, {t * stride[0] - before[0], y * stride[1] - before[1],
                                x * stride[2] - before[2]}));
    return out;
}

using Place = std::array<int64_t, 3>;

Volume largest(const Volume& in, const int64_t (&kernel)[3], const int64_t (&stride)[3]) {
    return windows(in, in.channels, kernel, stride, [&](int64_t c, const Place& p) {
        double most = -std::numeric_limits<double>::infinity();
        for (int64_t t = 0; t < kernel[0]; ++t)
            for (int64_t y = 0; y < kernel[1]; ++y)
                for (int64_t x = 0; x < kernel[2]; ++x)
                    most = std::max(most, in.at(c, {p[0] + t, p[1] + y, p[2] + x}));
        return most;
    });
}

} // namespace

class TestI3d : public QObject {
    Q_OBJECT

    nn::I3d m_network{nn::I3dConfig{5, 16, 1}};

    Volume named(const std::string& name) {
        const auto all = m_network->named_parameters();
        const auto* found = all.find(name);
        return volumeOf((found ? *found : m_network->named_buffers()[name]).view({-1, 1, 1, 1}));
    }

    Volume unit(const Volume& in, const std::string& name, int64_t k, int64_t s = 1) {
        const auto weight = m_network->named_parameters()[name + ".conv3d.weight"];
        const Volume w = volumeOf(weight.flatten(0, 1));
        const Volume scale = named(name + ".bn.weight"), shift = named(name + ".bn.bias"),
                     mean = named(name + ".bn.running_mean"),
                     variance = named(name + ".bn.running_var");
        return windows(in, weight.size(0), {k, k, k}, {s, s, s}, [&](int64_t o, const Place& p) {
            double sum = 0;
            for (int64_t c = 0; c < in.channels; ++c)
                for (int64_t t = 0; t < k; ++t)
                    for (int64_t y = 0; y < k; ++y)
                        for (int64_t x = 0; x < k; ++x)
                            sum += w.at(o * in.channels + c, {t, y, x}) *
                                   in.at(c, {p[0] + t, p[1] + y, p[2] + x});
            const auto i = std::size_t(o);
            sum = (sum - mean.values[i]) / std::sqrt(variance.values[i] + 1e-3);
            return std::max(sum * scale.values[i] + shift.values[i], 0.0);
        });
    }

    Volume mixed(const Volume& in, const std::string& name) {
        const Volume branches[] = {unit(in, name + ".b0", 1),
                                   unit(unit(in, name + ".b1a", 1), name + ".b1b", 3),
                                   unit(unit(in, name + ".b2a", 1), name + ".b2b", 3),
                                   unit(largest(in, {3, 3, 3}, {1, 1, 1}), name + ".b3b", 1)};
        Volume out = branches[0];
        for (int b = 1; b < 4; ++b) {
            out.channels += branches[b].channels;
            out.values.insert(out.values.end(), branches[b].values.begin(),
                              branches[b].values.end());
        }
        return out;
    }

private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        torch::manual_seed(3);
        const torch::NoGradGuard noGrad;
        for (auto& item : m_network->named_parameters())
            item.value().normal_(0, item.value().dim() > 1 ? 0.2 : 0.5);
        for (auto& item : m_network->named_buffers())
            if (item.key().ends_with("running_mean"))
                item.value().normal_(0, 0.1);
            else if (item.key().ends_with("running_var"))
                item.value().uniform_(0.5, 1.5);
    }

    void isComputedAsDefined() {
        const torch::NoGradGuard noGrad;
        const auto video = torch::rand({1, 3, 10, 32, 30}) * 2 - 1; // sizes that are cut unevenly
        const auto given = m_network->forward(video);

        Volume x = unit(volumeOf(video[0]), "Conv3d_1a_7x7", 7, 2);
        x = largest(x, {1, 3, 3}, {1, 2, 2});
        x = unit(unit(x, "Conv3d_2b_1x1", 1), "Conv3d_2c_3x3", 3);
        x = largest(x, {1, 3, 3}, {1, 2, 2});
        x = mixed(mixed(x, "Mixed_3b"), "Mixed_3c");
        x = largest(x, {3, 3, 3}, {2, 2, 2});
        for (const char* name : {"Mixed_4b", "Mixed_4c", "Mixed_4d", "Mixed_4e", "Mixed_4f"})
            x = mixed(x, name);
        x = largest(x, {2, 2, 2}, {2, 2, 2});
        x = mixed(mixed(x, "Mixed_5b"), "Mixed_5c");
        QCOMPARE(x.size[0], int64_t(2)); // one pair of frames is averaged
        const Volume weight = volumeOf(
                         m_network->named_parameters()["logits.conv3d.weight"].flatten(0, 1)),
                     bias = named("logits.conv3d.bias");
        for (int64_t k = 0; k < 5; ++k) {
            double sum = bias.values[std::size_t(k)];
            const auto places = x.size[0] * x.size[1] * x.size[2];
            for (int64_t c = 0; c < x.channels; ++c) {
                double mean = 0;
                for (int64_t i = 0; i < places; ++i)
                    mean += x.values[std::size_t(c * places + i)] / double(places);
                sum += weight.values[std::size_t(k * x.channels + c)] * mean;
            }
            const double found = given[0][k].item<double>();
            QVERIFY2(std::abs(found - sum) < 1e-4 * std::max(1.0, std::abs(sum)),
                     qPrintable(QString("%1 %2").arg(found).arg(sum)));
        }
    }

    void hasThePublishedNamesAndSizes() {
        const nn::I3d network;
        int64_t numbers = 0;
        for (const auto& item : network->named_parameters())
            numbers += item.value().numel();
        QCOMPARE(numbers, int64_t(12697264));
        const auto parameters = network->named_parameters();
        QCOMPARE(parameters["Conv3d_1a_7x7.conv3d.weight"].sizes().vec(),
                 (std::vector<int64_t>{64, 3, 7, 7, 7}));
        QCOMPARE(parameters["Mixed_4f.b2b.conv3d.weight"].sizes().vec(),
                 (std::vector<int64_t>{128, 32, 3, 3, 3}));
        QCOMPARE(parameters["logits.conv3d.bias"].sizes().vec(), (std::vector<int64_t>{400}));
        QVERIFY(network->named_buffers().contains("Mixed_5c.b3b.bn.num_batches_tracked"));
    }

    void tooFewFramesAreRefused() {
        QVERIFY_EXCEPTION_THROWN(m_network->forward(torch::zeros({1, 3, 8, 32, 32})), c10::Error);
        const nn::I3d published;
        QVERIFY_EXCEPTION_THROWN(nn::I3d(published)->forward(torch::zeros({1, 3, 9, 128, 128})),
                                 c10::Error);
    }
};

QTEST_GUILESS_MAIN(TestI3d)
#include "test_i3d.moc"
