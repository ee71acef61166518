// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/token_attention.h"
#include "engine/nn/mimo/mimo_networks.h"

#include <QTest>

#include <cmath>
#include <cstdio>
#include <functional>
#include <span>

using namespace strata;

namespace {

using Named = std::vector<std::pair<std::string, torch::Tensor>>;
using Function = std::function<torch::Tensor()>;

constexpr std::size_t kTogether = 7; // tensors that are moved at once, to save time

/// The paper's variant with few of everything.
nn::MimoConfig tiny() {
    nn::MimoConfig config = nn::MimoConfig::paper(5);
    for (nn::UnetConfig* unet : {&config.reference, &config.denoiser}) {
        unet->channels = {16, 24};
        unet->layersPerBlock = 1;
        unet->heads = unet->motionHeads = 2;
        unet->groups = 4;
        unet->contextWidth = 12;
        unet->motionFrames = 6;
    }
    config.pose = {5, {4, 6, 8, 8}, 16};
    config.vae.channels = {8, 8, 12, 12};
    config.vae.layersPerBlock = 1;
    config.vae.groups = 4;
    config.clip = {8, 2, 2, 16, 8, 24, 12};
    return config;
}

void randomise(torch::nn::Module& network) {
    const torch::NoGradGuard noGrad;
    for (auto& item : network.named_parameters()) {
        auto& x = item.value();
        if (x.dim() > 1)
            x.normal_(0, 1 / std::sqrt(double(x.numel() / x.size(0))));
        else
            x.normal_(item.key().ends_with("weight") ? 1.0 : 0.0, 0.1);
    }
}

/// A function and everything its gradients shall reach.
struct Subject {
    Function run;
    Named over;
};

void add(Named& to, const std::string& prefix, const torch::nn::Module& network) {
    for (const auto& item : network.named_parameters())
        to.emplace_back(prefix + item.key(), item.value());
}

struct Networks {
    explicit Networks(torch::Dtype type)
        : options(torch::TensorOptions(type))
        , all(tiny(), options) {
        torch::manual_seed(11);
        for (torch::nn::Module* network : modules())
            randomise(*network);
    }
    std::vector<torch::nn::Module*> modules() {
        return {all.vae.get(), all.clip.get(), all.pose.get(), all.reference.get(),
                all.denoiser.get()};
    }
    torch::Tensor input(torch::IntArrayRef shape) const {
        return torch::randn(shape, options).requires_grad_();
    }

    Subject coder() {
        const auto picture = input({2, 3, 16, 24}), latent = input({2, 4, 2, 3});
        Subject out{[=, this] {
                        return torch::cat({all.vae->moments(picture).flatten(),
                                           all.vae->decode(latent).flatten()});
                    },
                    {{"picture", picture}, {"latent", latent}}};
        add(out.over, "", *all.vae);
        return out;
    }
    Subject clip() {
        const auto picture = input({2, 3, 24, 24});
        Subject out{[=, this] { return all.clip->forward(picture).embedding; },
                    {{"picture", picture}}};
        add(out.over, "", *all.clip);
        return out;
    }
    Subject pose() {
        const auto code = input({1, 5, 3, 16, 24});
        Subject out{[=, this] { return all.pose->forward(code); }, {{"code", code}}};
        add(out.over, "", *all.pose);
        return out;
    }
    /// Reference network and denoiser: three clips, each with its own identity and time; the first
    /// `dropped` of them see none.
    Subject generator(std::int64_t dropped, std::int64_t tokens) {
        const auto latent = input({3 - dropped, 4, 4, 4}), context = input({3, tokens, 12}),
                   sample = input({3, 12, 3, 4, 4}), pose = input({3, 16, 3, 4, 4});
        const auto time = torch::tensor({3, 500, 999});
        Subject out{[=, this] {
                        const auto bank =
                            all.reference->forward(latent, context.narrow(0, dropped, 3 - dropped));
                        const auto given = all.denoiser->prepare(&bank, context, 3, dropped);
                        return all.denoiser->forward(sample, time, pose, given);
                    },
                    {{"latent", latent}, {"context", context}, {"sample", sample}, {"pose", pose}}};
        add(out.over, "reference.", *all.reference);
        add(out.over, "denoiser.", *all.denoiser);
        return out;
    }
    Subject named(const QString& name) {
        if (name == "coder")
            return coder();
        if (name == "clip")
            return clip();
        if (name == "pose")
            return pose();
        return name == "one token" ? generator(1, 1) : generator(0, 2);
    }

    torch::TensorOptions options;
    nn::MimoNetworks all;
};

/// What no result depends on: a query and keys where there is a single token, and in the reference
/// network everything after its last transformer's norm.
bool hasNoEffect(const std::string& name, bool oneToken) {
    const auto has = [&name](const char* part) { return name.find(part) != std::string::npos; };
    if (oneToken && (has("norm2.") || has("attn2.to_q") || has("attn2.to_k")) && has("transformer"))
        return true;
    const std::string last = "reference.up_blocks.1.attentions.1.";
    return name.starts_with(last) && !has(".norm.") && !has("proj_in") && !has("norm1");
}

} // namespace

/// Training goes through other code than inference does: LibTorch's operators in place of our
/// kernels and of the work in place.
class TestMimoGradients : public QObject {
    Q_OBJECT
    static void rows() {
        QTest::addColumn<QString>("network");
        for (const char* name : {"coder", "clip", "pose", "one token", "two tokens"})
            QTest::newRow(name) << name;
    }
private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void gradientsAreThoseOfCentralDifferences_data() { rows(); }
    void gradientsAreThoseOfCentralDifferences() {
        QFETCH(QString, network);
        Networks networks(torch::kFloat64);
        const Subject subject = networks.named(network);
        const auto shape = subject.run().sizes().vec();
        const auto mix = torch::randn(shape, torch::kFloat64);
        (subject.run() * mix).sum().backward();
        const torch::NoGradGuard noGrad; // inference's own way of computing
        const auto value = [&] { return (subject.run() * mix).sum().item<double>(); };
        double most = 0;
        std::string worst;
        int reached = 0;
        for (std::size_t first = 0; first < subject.over.size(); first += kTogether) {
            const auto count = std::min(kTogether, subject.over.size() - first);
            std::vector<torch::Tensor> moved, before, directions;
            double analytic = 0, length = 0;
            for (const auto& [name, x] : std::span(subject.over).subspan(first, count)) {
                if (hasNoEffect(name, network == "one token")) {
                    QVERIFY2(!x.grad().defined() || x.grad().abs().max().item<double>() == 0,
                             name.c_str());
                    continue;
                }
                QVERIFY2(x.grad().defined(), name.c_str());
                ++reached;
                moved.push_back(x);
                before.push_back(x.clone());
                const auto direction = torch::randn(x.sizes(), torch::kFloat64);
                directions.push_back(direction / direction.norm());
                analytic += (x.grad() * directions.back()).sum().item<double>();
                length += x.grad().square().sum().item<double>();
            }
            const double step = 1e-5;
            const auto at = [&](double by) {
                for (std::size_t i = 0; i < moved.size(); ++i)
                    moved[i].copy_(before[i] + directions[i] * by);
                return value();
            };
            const double numeric = (at(step) - at(-step)) / (2 * step);
            at(0);
            const double off = std::abs(numeric - analytic) / std::max(1e-2, std::sqrt(length));
            if (!(off <= most)) {
                most = off;
                worst = subject.over[first].first;
            }
        }
        std::printf("%-12s %3d tensors: max difference %.1e of the gradient's length (at %s)\n",
                    qPrintable(network), reached, most, worst.c_str());
        QVERIFY(most < 1e-6);
        QVERIFY(reached > 10);
    }

    void singlePrecisionGivesTheSameWithAndWithoutGradients_data() { rows(); }
    void singlePrecisionGivesTheSameWithAndWithoutGradients() {
        QFETCH(QString, network);
        Networks networks(torch::kFloat32);
        const Subject subject = networks.named(network);
        const auto trained = subject.run();
        QVERIFY(trained.requires_grad());
        const torch::NoGradGuard noGrad;
        const auto inferred = subject.run();
        const double most = (trained - inferred).abs().max().item<double>();
        std::printf("%-12s with and without gradients: max difference %.1e of %.1f\n",
                    qPrintable(network), most, inferred.abs().max().item<double>());
        QVERIFY(most < 2e-5 * std::max(1.0, inferred.abs().max().item<double>()));
    }

    // Products of batches of matrices may leave what the memory held before in their result.
    void gradientsAreFiniteOverUsedMemory() {
        for (const std::int64_t tokens : {3, 16, 70}) {
            const auto make = [&] { return torch::randn({6, tokens, 24}).requires_grad_(); };
            const auto q = make(), k = make(), v = make();
            for (int again = 0; again < 20; ++again) {
                {
                    std::vector<torch::Tensor> dirt;
                    for (const std::int64_t size : {6 * tokens * 24, 6 * 2 * tokens * tokens})
                        for (int i = 0; i < 8; ++i)
                            dirt.push_back(torch::full({size}, NAN));
                }
                auto sum = nn::attend(q, k, v, 2).square().sum();
                sum.backward();
                QVERIFY(std::isfinite(sum.item<double>()));
                for (const auto& x : {q, k, v})
                    QVERIFY(torch::isfinite(x.grad()).all().item<bool>());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestMimoGradients)
#include "test_mimo_gradients.moc"
