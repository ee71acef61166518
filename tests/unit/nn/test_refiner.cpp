// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/initialise.h"
#include "engine/nn/refiner/refiner.h"

#include <QTest>

using namespace strata::nn;

namespace {

Refiner made(const RefinerConfig& config, const std::vector<std::string>& zero = {}) {
    Refiner refiner(config);
    initialise(*refiner, 3, zero);
    return refiner;
}

} // namespace

class TestRefiner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        torch::manual_seed(5);
    }

    void untilItLearnsTheChangeStaysAndThenTheSketch() {
        const torch::NoGradGuard noGrad;
        auto refiner = made({{8, 16}}, {"conv_out"});
        const auto sketch = torch::randn({2, 3, 16, 24}), change = torch::randn({2, 3, 16, 24});
        QVERIFY(torch::equal(refiner->forward(sketch, change, sketch), change));
        refiner->beginWithSketch();
        QVERIFY(torch::equal(refiner->forward(sketch, change, sketch), 0 * change));
        auto learnt = made({{8, 16}});
        learnt->beginWithSketch();
        QCOMPARE(learnt->change_share.item<double>(), 1.);
    }

    void sidesNeedNotFitTheLevels() {
        const torch::NoGradGuard noGrad;
        auto refiner = made({{8, 8, 16}});
        const auto x = torch::randn({1, 3, 32, 32}) * 0.5;
        const auto whole = refiner->forward(x, 0 * x, x);
        QCOMPARE(whole.sizes(), x.sizes());
        const auto part = x.narrow(2, 0, 27).narrow(3, 0, 30).contiguous();
        const auto cut = refiner->forward(part, 0 * part, part);
        QCOMPARE(cut.sizes(), part.sizes());
        QVERIFY(cut.isfinite().all().item<bool>());
        QVERIFY(!torch::equal(cut, 0 * part));
    }

    void everyPictureIsRefinedByItself() {
        const torch::NoGradGuard noGrad;
        auto refiner = made({{8, 16}});
        const auto a = torch::randn({3, 3, 16, 16}), b = torch::randn({3, 3, 16, 16});
        const auto together = refiner->forward(a, b, -a);
        const auto alone =
            refiner->forward(a.narrow(0, 1, 1), b.narrow(0, 1, 1), -a.narrow(0, 1, 1));
        QVERIFY((together[1] - alone[0]).abs().max().item<double>() < 1e-5);
    }

    void allItIsGivenCounts() {
        auto refiner = made({{8, 16}});
        std::vector<torch::Tensor> given;
        for (int i = 0; i < 3; ++i)
            given.push_back(torch::randn({1, 3, 16, 16}).requires_grad_(true));
        refiner->forward(given[0], given[1], given[2]).square().sum().backward();
        for (const auto& picture : given)
            QVERIFY(picture.grad().abs().min().item<double>() > 0);
    }
};

QTEST_APPLESS_MAIN(TestRefiner)
#include "test_refiner.moc"
