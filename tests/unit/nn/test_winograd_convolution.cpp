// SPDX-License-Identifier: Apache-2.0
// Convolutions by minimal filtering against the same in double precision, for each kind of
// processor that can run here, and where they are used.
#include "engine/nn/layers/basic_layers.h"
#include "engine/nn/layers/products.h"
#include "engine/nn/layers/winograd_convolution.h"
#include "engine/nn/layers/winograd_cost.h"
#include "engine/nn/threads.h"

#include <QTest>

using namespace strata;
using nn::ConvolutionShape;
using nn::CpuTarget;
using nn::Formulation;

namespace {

struct Given {
    torch::Tensor x, w, bias;
};

Given make(const ConvolutionShape& s) {
    torch::manual_seed(s.height * 1000 + s.in);
    const double size = 1 / std::sqrt(9.0 * double(s.in));
    return {at::silu(torch::randn({s.pictures, s.in, s.height, s.width})),
            size * torch::randn({s.out, s.in, 3, 3}), torch::randn({s.out})};
}

torch::Tensor exactly(const Given& g) {
    const auto bias = g.bias.defined() ? g.bias.to(torch::kFloat64) : g.bias;
    return at::conv2d(g.x.to(torch::kFloat64), g.w.to(torch::kFloat64), bias, 1, 1);
}

double largest(const torch::Tensor& x) { return x.abs().max().item<double>(); }
double spread(const torch::Tensor& x) { return x.square().mean().sqrt().item<double>(); }

std::vector<CpuTarget> targets() {
    std::vector<CpuTarget> all;
    for (const auto target : {CpuTarget::Any, CpuTarget::Avx2, CpuTarget::Avx512})
        if (target <= nn::cpuTarget())
            all.push_back(target);
    return all;
}

} // namespace

class TestWinogradConvolution : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The limit is that of the golden arrays of single modules: 1e-5 of the largest value.
    void itAgreesWithDoublePrecision_data() {
        QTest::addColumn<ConvolutionShape>("shape");
        const auto row = [](const char* name, const ConvolutionShape& shape) {
            QTest::newRow(name) << shape;
        };
        row("one pixel", {1, 1, 1, 16, 16});
        row("one tile", {1, 4, 4, 16, 64});
        row("a tile and a pixel", {1, 5, 5, 32, 32});
        row("13 x 9", {3, 13, 9, 48, 80});
        row("a row of pixels", {2, 1, 23, 16, 112});
        row("slices of other widths", {2, 7, 6, 336, 64});
        row("many channels", {2, 8, 8, 1280, 320});
        row("several chunks and parts", {2, 74, 71, 512, 16});
    }
    void itAgreesWithDoublePrecision() {
        QFETCH(ConvolutionShape, shape);
        const c10::InferenceMode inference;
        const auto given = make(shape);
        const auto wanted = exactly(given);
        const auto direct = nn::convolution(given.x, given.w, given.bias, {1, 1}, {1, 1});
        for (const int threads : {1, 3}) {
            const nn::ThreadScope scope(threads);
            for (const auto target : targets()) {
                const auto y = nn::winogradConvolution(given.x, given.w, given.bias, target);
                QVERIFY(y.is_contiguous(torch::MemoryFormat::ChannelsLast));
                const double scale = spread(wanted);
                qInfo("target %d, %d threads: error at most %.1e, mean %.1e; direct %.1e, %.1e",
                      int(target), threads, largest(y - wanted) / scale, spread(y - wanted) / scale,
                      largest(direct - wanted) / scale, spread(direct - wanted) / scale);
                QVERIFY(largest(y - wanted) <= 1e-5 * largest(wanted));
            }
        }
    }

    void memoryMayLieInAnyOrder() {
        const c10::InferenceMode inference;
        const auto whole = make({4, 13, 11, 48, 32});
        const Given given{
            whole.x.slice(0, 0, 4, 2).slice(1, 16, 48).slice(3, 1, 10).transpose(2, 3),
            whole.w.slice(1, 0, 32).flip({0}).transpose(2, 3), torch::randn({32, 2}).select(1, 1)};
        QVERIFY(!given.x.is_contiguous() && !given.w.is_contiguous());
        const auto wanted = exactly(given);
        for (const auto target : targets())
            for (const auto order :
                 {torch::MemoryFormat::Preserve, torch::MemoryFormat::ChannelsLast}) {
                const auto y =
                    nn::winogradConvolution(given.x.clone(order), given.w, given.bias, target);
                QVERIFY(largest(y - wanted) <= 1e-5 * largest(wanted));
            }
        const auto y = nn::winogradConvolution(given.x, given.w, given.bias);
        QVERIFY(largest(y - wanted) <= 1e-5 * largest(wanted));
    }

    void withoutABias() {
        const c10::InferenceMode inference;
        auto given = make({1, 6, 6, 32, 32});
        given.bias = torch::Tensor();
        const auto wanted = exactly(given);
        QVERIFY(largest(nn::winogradConvolution(given.x, given.w, given.bias) - wanted) <=
                1e-5 * largest(wanted));
    }

    // Results do not depend on how many pictures are convolved together, nor on the threads.
    void aPictureAloneGivesTheSame() {
        const c10::InferenceMode inference;
        const auto given = make({5, 9, 10, 64, 96});
        const auto all = nn::winogradConvolution(given.x, given.w, given.bias);
        const nn::ThreadScope scope(2);
        const auto third = nn::winogradConvolution(given.x.narrow(0, 2, 1), given.w, given.bias);
        QVERIFY(torch::equal(all.narrow(0, 2, 1), third));
    }

    void layersUseItOnlyWhereTheyMay() {
        const torch::TensorOptions options;
        nn::Conv layer(128, 128, 3, options), down(128, 128, 3, options, 2);
        const auto given = make({16, 16, 16, 128, 128});
        const auto shift = torch::randn({128});
        {
            const torch::NoGradGuard none;
            for (auto* each : {&layer, &down}) {
                (*each)->weight.copy_(given.w);
                (*each)->bias.copy_(given.bias);
            }
        }
        const auto x = given.x.contiguous(torch::MemoryFormat::ChannelsLast);
        const auto recorded = layer(x).detach();
        const c10::InferenceMode inference;
        const auto plain = layer(x, Formulation::Plain), saved = layer(x);
        QVERIFY(torch::equal(plain, nn::convolution(x, given.w, given.bias, {1, 1}, {1, 1})));
        QVERIFY(largest(recorded - plain) <= 1e-5 * largest(plain));
        QVERIFY(largest(saved - plain) <= 1e-5 * largest(plain));
        QCOMPARE(torch::equal(saved, plain), nn::cpuTarget() == CpuTarget::Any);
        QVERIFY(torch::equal(saved, nn::winogradConvolution(x, given.w, given.bias)) ||
                nn::cpuTarget() == CpuTarget::Any);
        const auto more = layer->shifted(x, shift) - shift.view({1, 128, 1, 1});
        QVERIFY(largest(more - saved) <= 1e-5 * largest(saved));
        QVERIFY(torch::equal(down(x), down(x, Formulation::Plain)));
    }

    void otherTypesAndGradientsGoTheDirectWay() {
        const auto given = make({16, 16, 16, 128, 128});
        QVERIFY(!nn::winogradApplies(given.x, given.w)); // gradients
        const c10::InferenceMode inference;
        QCOMPARE(nn::winogradApplies(given.x, given.w), nn::cpuTarget() != CpuTarget::Any);
        QVERIFY(!nn::winogradApplies(given.x.to(torch::kBFloat16), given.w.to(torch::kBFloat16)));
        QVERIFY(!nn::winogradApplies(given.x.to(torch::kFloat64), given.w.to(torch::kFloat64)));
        QVERIFY(!nn::winogradApplies(given.x, torch::randn({128, 128, 1, 1})));
        QVERIFY(!nn::winogradApplies(given.x.narrow(1, 0, 12), given.w.narrow(1, 0, 12)));
    }

    void itIsTakenWhereItPays() {
        for (const auto target : {CpuTarget::Avx2, CpuTarget::Avx512}) {
            for (const ConvolutionShape& shape : {ConvolutionShape{48, 32, 32, 320, 320},
                                                  {48, 32, 32, 960, 320},
                                                  {48, 16, 16, 1920, 640},
                                                  {48, 8, 8, 2560, 1280},
                                                  {1, 256, 256, 128, 128},
                                                  {1, 8, 8, 1280, 1280}}) // as with 48 of them
                QVERIFY(nn::winogradIsQuicker(shape, target));
            for (const ConvolutionShape& shape : {ConvolutionShape{48, 4, 4, 1280, 1280},
                                                  {1, 4, 4, 16, 16},
                                                  {48, 1, 1, 1280, 1280},
                                                  {48, 32, 32, 12, 320},
                                                  {48, 32, 32, 320, 4},
                                                  {0, 32, 32, 320, 320}})
                QVERIFY(!nn::winogradIsQuicker(shape, target));
        }
        QVERIFY(!nn::winogradIsQuicker({48, 32, 32, 320, 320}, CpuTarget::Any));
    }

    void itsMemoryIsBounded() {
        for (const ConvolutionShape& shape : {ConvolutionShape{48, 98, 98, 320, 320},
                                              {48, 98, 98, 960, 320},
                                              {48, 16, 16, 2560, 1280},
                                              {1, 1024, 1024, 128, 128}})
            QVERIFY(nn::winogradBytes(shape, 8) <= 64 << 20);
    }
};

QTEST_GUILESS_MAIN(TestWinogradConvolution)
#include "test_winograd_convolution.moc"
