// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/initialise.h"
#include "engine/train/diffusion/refiner_objective.h"
#include "engine/train/diffusion/structure_loss.h"

#include <QTest>

using namespace strata;

class TestRefinerObjective : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        torch::manual_seed(5);
        nn::initialise(*m_refiner, 3, {"conv_out"});
    }

    void countsByHand() {
        const auto frames = torch::zeros({2, 3, 8, 8});
        auto sketches = torch::full({2, 3, 8, 8}, 0.5), change = torch::full({2, 3, 8, 8}, -0.25);
        change[1].fill_(-0.5); // this one is right
        const auto losses =
            refinerLosses(m_refiner, {frames, sketches, change, frames, {}}, {2, 0});
        QVERIFY(bool(losses));
        QVERIFY(std::abs((*losses)[0].item<double>() - (0.0625 + 2 * 0.25)) < 1e-6);
        QVERIFY(std::abs((*losses)[1].item<double>()) < 1e-6);
    }

    void structureCountsToo() {
        const auto frames = torch::rand({1, 3, 16, 16}), sketches = torch::rand({1, 3, 16, 16});
        const auto none = torch::zeros_like(frames);
        const auto plain = refinerLosses(m_refiner, {frames, sketches, none, frames, {}});
        const auto both = refinerLosses(m_refiner, {frames, sketches, none, frames, {}}, {0, 0.5});
        QVERIFY(plain && both);
        const auto structure = structureLoss(sketches, frames).item<double>();
        QVERIFY(std::abs((*both - *plain).item<double>() - 0.5 * structure) < 1e-6);
    }

    void featuresAreComparedWhereThePersonIs() {
        const auto frames = torch::rand({2, 3, 24, 32}), none = torch::zeros_like(frames);
        auto persons = torch::zeros({2, 24, 32}, torch::kUInt8);
        persons[0].narrow(0, 2, 18).narrow(1, 5, 20).fill_(255); // nobody is in the other one
        std::vector<torch::Tensor> seen;
        const PictureFeatures features = [&](const torch::Tensor& pictures) {
            seen.push_back(pictures.detach());
            const auto means = pictures.mean({2, 3}); // [1, 3]
            return torch::stack({means, torch::ones_like(means)}, 1);
        };
        auto sketches = torch::rand({2, 3, 24, 32}).requires_grad_(true);
        const auto plain = refinerLosses(m_refiner, {frames, sketches, none, frames, {}});
        const auto both = refinerLosses(m_refiner, {frames, sketches, none, frames, persons},
                                        {0, 0, 1, 2}, features);
        QVERIFY(plain && both);
        QCOMPARE(seen.size(), std::size_t(2));
        const auto box = [](const torch::Tensor& x) {
            return x.narrow(0, 0, 1).narrow(2, 2, 18).narrow(3, 5, 20);
        };
        QVERIFY(torch::equal(seen[0], box(frames)) &&
                torch::equal(seen[1], box(sketches.detach())));
        const auto alike =
            torch::cosine_similarity(box(sketches).mean({2, 3}), box(frames).mean({2, 3}), 1);
        const auto wanted = (1 - (alike.item<double>() + 1) / 2) * 2; // the other token is the same
        QVERIFY(std::abs((*both - *plain)[0].item<double>() - wanted) < 1e-5); // 1 * 2 times
        QVERIFY(std::abs((*both - *plain)[1].item<double>()) < 1e-7);
        (*both - *plain).sum().backward();
        QVERIFY(box(sketches.grad()).abs().max().item<double>() > 0);
    }

    void itIsLearnt() {
        nn::Refiner refiner(nn::RefinerConfig{{8, 16}});
        nn::initialise(*refiner, 4, {"conv_out"});
        torch::optim::Adam optimiser(refiner->parameters(), 1e-2);
        double first = 0, last = 0;
        for (int i = 0; i < 80; ++i) {
            const auto frames = torch::rand({4, 3, 16, 16}) * 2 - 1;
            const auto losses = // sketches are too dark
                refinerLosses(refiner, {frames, 0.5 * frames - 0.4, 0 * frames, frames, {}});
            QVERIFY(bool(losses));
            optimiser.zero_grad();
            losses->mean().backward();
            optimiser.step();
            last = losses->mean().item<double>();
            first = i == 0 ? last : first;
        }
        QVERIFY2(last < 0.3 * first, qPrintable(QString("%1 -> %2").arg(first).arg(last)));
    }

    void picturesOfDifferentSizesAreRefused() {
        const auto a = torch::zeros({1, 3, 16, 16}), b = torch::zeros({1, 3, 16, 8});
        QVERIFY(!refinerLosses(m_refiner, {a, b, b, b, {}}));
        QVERIFY(!refinerLosses(m_refiner, {a, a, b, b, {}}));
        QVERIFY(!refinerLosses(m_refiner, {a, a, a, a, {}}, {0, 0, 1})); // no features
    }

private:
    nn::Refiner m_refiner{nn::RefinerConfig{{8, 16}}};
};

QTEST_APPLESS_MAIN(TestRefinerObjective)
#include "test_refiner_objective.moc"
