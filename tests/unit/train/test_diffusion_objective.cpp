// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/initialise.h"
#include "engine/train/diffusion/autoencoder_objective.h"
#include "engine/train/diffusion/diffusion_objective.h"
#include "engine/train/diffusion/structure_loss.h"

#include <QTest>

#include <cmath>
#include <cstdio>
#include <map>

using namespace strata;

namespace {

constexpr std::int64_t kClips = 3, kFrames = 2;

nn::MimoConfig tiny() {
    nn::MimoConfig config = nn::MimoConfig::paper(5);
    for (nn::UnetConfig* unet : {&config.reference, &config.denoiser}) {
        unet->channels = {16, 24};
        unet->layersPerBlock = 1;
        unet->heads = unet->motionHeads = 2;
        unet->groups = 4;
        unet->contextWidth = 12;
        unet->motionFrames = 4;
    }
    config.pose = {5, {4, 6, 8, 8}, 16};
    config.vae.channels = {8, 8, 8, 8};
    config.vae.layersPerBlock = 1;
    config.vae.groups = 4;
    config.clip = {8, 1, 2, 16, 112, 224, 12};
    return config;
}

TrainingClips someClips() {
    torch::manual_seed(5);
    const auto latents = [] { return torch::randn({kClips, 4, kFrames, 4, 5}); };
    return {latents(),
            latents(),
            latents(),
            {},
            torch::rand({kClips, 5, kFrames, 32, 40}),
            torch::randn({kClips, 4, 4, 4}),
            torch::randn({kClips, 1, 12})};
}

TrainingClips only(const TrainingClips& clips, std::int64_t i) {
    const auto one = [i](const torch::Tensor& x) { return x.defined() ? x.narrow(0, i, 1) : x; };
    return {one(clips.latents), one(clips.scene),     one(clips.occluder), one(clips.sketch),
            one(clips.motion),  one(clips.reference), one(clips.token)};
}

at::Generator numbers(std::uint64_t seed) { return at::detail::createCPUGenerator(seed); }

} // namespace

class TestDiffusionObjective : public QObject {
    Q_OBJECT
private:
    nn::MimoNetworks m_networks{tiny()};

    std::vector<torch::Tensor> parameters() {
        std::vector<torch::Tensor> out;
        for (const auto& some : {m_networks.reference->parameters(),
                                 m_networks.denoiser->parameters(), m_networks.pose->parameters()})
            out.insert(out.end(), some.begin(), some.end());
        return out;
    }

private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        std::uint64_t seed = 1;
        for (torch::nn::Module* network :
             {static_cast<torch::nn::Module*>(m_networks.vae.get()),
              static_cast<torch::nn::Module*>(m_networks.reference.get()),
              static_cast<torch::nn::Module*>(m_networks.denoiser.get()),
              static_cast<torch::nn::Module*>(m_networks.pose.get())})
            nn::initialise(*network, seed++);
    }

    // What is learnt is what the sampler's own step takes back.
    void aStepOfTheSamplerUndoesTheNoise() {
        const auto process = NoiseProcess::create({}, PredictionTarget::Velocity);
        QVERIFY(bool(process));
        const auto clips = someClips();
        const auto noise = torch::randn_like(clips.latents);
        const auto times = torch::tensor({999, 519, 39}, torch::kInt64);
        const auto noisy = process->noisy(clips.latents, noise, times).contiguous();
        const auto v = process->wanted(clips.latents, noise, times).contiguous();
        // Nothing but noise at the end of the schedule.
        QVERIFY(torch::equal(noisy[0], noise[0]));
        const DdimSchedule schedule;
        for (int i = 0; i < kClips; ++i) {
            const auto span = [](torch::Tensor x) {
                return std::span<float>(x.data_ptr<float>(), std::size_t(x.numel()));
            };
            auto x = noisy[i].clone(), clean = torch::empty_like(x);
            schedule.step(times[i].item<int>(), 25, span(v[i]), span(x), span(clean));
            const double off = (clean - clips.latents[i]).abs().max().item<double>();
            std::printf("step %d: the clean latents are off by %.1e\n", times[i].item<int>(), off);
            QVERIFY(off < 1e-5);
        }
    }

    void weightsAreThoseOfMinSnr() {
        const auto process = NoiseProcess::create({}, PredictionTarget::Velocity);
        const auto times = torch::tensor({999, 600, 0}, torch::kInt64);
        const auto weights = process->weights(times, 5);
        const DdimSchedule schedule;
        for (int i = 0; i < 3; ++i) {
            const double a = schedule.signalVariance(times[i].item<int>());
            const double snr = a / (1 - a);
            QVERIFY(std::abs(weights[i].item<double>() - std::min(snr + 1, 5.0) / (snr + 1)) <
                    1e-6);
        }
        QCOMPARE(weights[0].item<float>(), 1.f);
        QVERIFY(weights[2].item<float>() < 0.01f);
        QVERIFY(torch::equal(process->weights(times, 0), torch::ones({3})));
        NoiseScheduleConfig plain;
        plain.zeroTerminalSnr = false;
        const auto noise = NoiseProcess::create(plain, PredictionTarget::Noise);
        QVERIFY(bool(noise));
        const auto clips = someClips();
        QVERIFY(torch::equal(noise->wanted(clips.latents, clips.scene, times), clips.scene));
        QCOMPARE(noise->weights(times, 5)[0].item<float>(), 1.f);
        QVERIFY(!NoiseProcess::create({}, PredictionTarget::Noise));
        plain.betaEnd = 2;
        QVERIFY(!NoiseProcess::create(plain, PredictionTarget::Velocity));
    }

    // Clips of a batch do not see each other, with and without an identity.
    void eachClipsLossIsThatOfTheClipAlone() {
        const auto objective = DiffusionObjective::create({});
        QVERIFY(bool(objective));
        const auto clips = someClips();
        auto draw = objective->draw(clips, numbers(3));
        for (const std::vector<bool>& dropped : {std::vector<bool>{false, false, false},
                                                 {false, true, false},
                                                 {true, false, true},
                                                 {true, true, true}}) {
            draw.dropped = dropped;
            const auto together = objective->losses(m_networks, clips, draw);
            QVERIFY2(together, together ? "" : together.error().message.c_str());
            for (int i = 0; i < kClips; ++i) {
                const TrainingDraw own{draw.noise.narrow(0, i, 1),
                                       draw.timesteps.narrow(0, i, 1),
                                       {dropped[std::size_t(i)]}};
                const auto alone = objective->losses(m_networks, only(clips, i), own);
                QVERIFY(bool(alone));
                const double off =
                    std::abs((*alone)[0].item<double>() - (*together)[i].item<double>());
                QVERIFY2(off < 1e-5, qPrintable(QString::number(off)));
            }
        }
    }

    // Without an identity neither the reference picture nor the token changes anything.
    void aDroppedIdentityIsNotSeen() {
        const auto objective = DiffusionObjective::create({});
        auto clips = someClips();
        auto draw = objective->draw(clips, numbers(4));
        draw.dropped = {false, true, false};
        const auto before = objective->losses(m_networks, clips, draw)->detach();
        clips.reference = clips.reference + 1;
        clips.token = clips.token * 2;
        const auto after = objective->losses(m_networks, clips, draw)->detach();
        QVERIFY((before[0] - after[0]).abs().item<double>() > 1e-5);
        QCOMPARE(after[1].item<float>(), before[1].item<float>());
        QVERIFY((before[2] - after[2]).abs().item<double>() > 1e-5);
    }

    void everyConditionAndEveryNetworkLearns() {
        const auto objective = DiffusionObjective::create({});
        auto clips = someClips();
        auto draw = objective->draw(clips, numbers(5));
        draw.dropped = {false, true, false};
        for (torch::Tensor* condition :
             {&clips.scene, &clips.occluder, &clips.motion, &clips.reference, &clips.token})
            condition->requires_grad_();
        objective->losses(m_networks, clips, draw)->mean().backward();
        for (const auto& condition :
             {clips.scene, clips.occluder, clips.motion, clips.reference, clips.token})
            QVERIFY(condition.grad().defined() && condition.grad().abs().sum().item<float>() > 0);
        QCOMPARE(clips.reference.grad()[1].abs().max().item<float>(), 0.f);
        int reached = 0, all = 0;
        for (const auto& parameter : parameters()) {
            ++all;
            if (parameter.grad().defined() && parameter.grad().abs().sum().item<float>() > 0)
                ++reached;
        }
        std::printf("%d of %d tensors get a gradient\n", reached, all);
        // The others have no effect: queries and keys of attention to a single token, and what
        // comes after the reference network's last transformer.
        QVERIFY(reached > all * 3 / 4);
    }

    // The gradient of the whole step, codes' pictures included, in double precision.
    void theStepsGradientIsThatOfCentralDifferences() {
        nn::MimoNetworks exact(tiny(), torch::TensorOptions(torch::kFloat64));
        std::uint64_t seed = 7;
        std::vector<torch::Tensor> parameters;
        for (torch::nn::Module* network : {static_cast<torch::nn::Module*>(exact.reference.get()),
                                           static_cast<torch::nn::Module*>(exact.denoiser.get()),
                                           static_cast<torch::nn::Module*>(exact.pose.get())}) {
            nn::initialise(*network, seed++);
            for (const auto& parameter : network->parameters())
                parameters.push_back(parameter);
        }
        auto clips = someClips();
        for (torch::Tensor* x : {&clips.latents, &clips.scene, &clips.occluder, &clips.motion,
                                 &clips.reference, &clips.token})
            *x = x->to(torch::kFloat64);
        clips.motion.requires_grad_();
        parameters.push_back(clips.motion);
        const auto objective = DiffusionObjective::create({});
        auto draw = objective->draw(clips, numbers(6));
        draw.dropped = {false, true, false};
        // The errors are summed in single precision: steps must be large against its rounding.
        objective->losses(exact, clips, draw)->mean().backward();
        const torch::NoGradGuard noGrad;
        double analytic = 0, length = 0;
        std::vector<torch::Tensor> before, gradients;
        for (const auto& x : parameters) {
            before.push_back(x.clone());
            gradients.push_back(x.grad().defined() ? x.grad().clone() : torch::zeros_like(x));
            length += gradients.back().square().sum().item<double>();
        }
        length = std::sqrt(length);
        const double step = 1e-3;
        const auto at = [&](double by) {
            for (std::size_t i = 0; i < parameters.size(); ++i)
                parameters[i].copy_(before[i] + gradients[i] * (by / length));
            return objective->losses(exact, clips, draw)->to(torch::kFloat64).mean().item<double>();
        };
        const double numeric = (at(step) - at(-step)) / (2 * step);
        analytic = length;
        std::printf("slope along the gradient: %.6f, its length %.6f\n", numeric, analytic);
        QVERIFY(std::abs(numeric - analytic) < 1e-3 * analytic);
    }

    void randomNumbersDependOnTheSeedAlone() {
        DiffusionTraining training;
        training.dropIdentity = 0.5;
        const auto objective = DiffusionObjective::create(training);
        const auto clips = someClips();
        const auto once = objective->draw(clips, numbers(9)),
                   again = objective->draw(clips, numbers(9)),
                   other = objective->draw(clips, numbers(10));
        QVERIFY(torch::equal(once.noise, again.noise) &&
                torch::equal(once.timesteps, again.timesteps) && once.dropped == again.dropped);
        QVERIFY(!torch::equal(once.noise, other.noise));
        int dropped = 0;
        auto generator = numbers(11);
        for (int i = 0; i < 200; ++i) {
            const auto draw = objective->draw(clips, generator);
            dropped += int(std::ranges::count(draw.dropped, true));
        }
        QVERIFY2(dropped > 240 && dropped < 360, qPrintable(QString::number(dropped)));
    }

    void clipsThatDoNotFitAreRefused() {
        const auto objective = DiffusionObjective::create({});
        const auto draw = objective->draw(someClips(), numbers(1));
        const auto refused = [&](auto&& change) {
            auto clips = someClips();
            change(clips);
            const auto result = objective->losses(m_networks, clips, draw);
            return !result && result.error().code == ErrorCode::ShapeMismatch;
        };
        QVERIFY(refused([](TrainingClips& c) { c.latents = c.latents[0]; }));
        QVERIFY(refused([](TrainingClips& c) { c.occluder.reset(); }));
        QVERIFY(refused([](TrainingClips& c) { c.scene = c.scene.narrow(2, 0, 1); }));
        QVERIFY(refused([](TrainingClips& c) { c.motion = c.motion.narrow(1, 0, 3); }));
        QVERIFY(refused([](TrainingClips& c) { c.reference = c.reference.narrow(0, 0, 1); }));
        QVERIFY(refused([](TrainingClips& c) { c.token.reset(); }));
        QVERIFY(refused([](TrainingClips& c) { c = only(c, 0); }));
        DiffusionTraining training;
        training.dropIdentity = 2;
        QVERIFY(!DiffusionObjective::create(training));
    }

    void thePictureCoderLearns() {
        nn::Vae vae(tiny().vae);
        nn::initialise(*vae, 3);
        torch::manual_seed(2);
        const auto pictures = torch::rand({2, 3, 16, 16}) * 2 - 1;
        const auto noise = torch::randn({2, 4, 2, 2});
        const auto loss = autoencoderLoss(vae, pictures, noise);
        QVERIFY2(loss, loss ? "" : loss.error().message.c_str());
        loss->backward();
        for (const auto& item : vae->named_parameters())
            QVERIFY2(item.value().grad().defined(), item.key().c_str());
        const auto heavy = autoencoderLoss(vae, pictures, noise, {1.0});
        QVERIFY(heavy->item<float>() > loss->item<float>());
        QVERIFY(!autoencoderLoss(vae, pictures.narrow(3, 0, 12), noise));
        AutoencoderTraining more;
        more.absoluteWeight = 1;
        const auto absolute = autoencoderLoss(vae, pictures, noise, more);
        more.structureWeight = 1;
        const auto both = autoencoderLoss(vae, pictures, noise, more);
        QVERIFY(absolute->item<float>() > loss->item<float>());
        QVERIFY(both->item<float>() > absolute->item<float>());
    }

    void structureIsComparedAsDefined() {
        const auto even = [](double value) { return torch::full({1, 3, 8, 8}, value); };
        // Without contrast only the means count: 1 - (2 a b + C1) / (a^2 + b^2 + C1).
        const double wanted = 1 - (2 * 0.5 * 0.25 + 4e-4) / (0.25 + 0.0625 + 4e-4);
        QVERIFY(std::abs(structureLoss(even(0.5), even(0.25)).item<double>() - wanted) < 1e-5);
        torch::manual_seed(4);
        const auto picture = torch::rand({2, 3, 24, 40}) * 2 - 1;
        QVERIFY(std::abs(structureLoss(picture, picture).item<double>()) < 1e-5);
        // The opposite of a pattern of mean 0 has its contrast and none of its structure.
        auto stripes = torch::ones({1, 1, 8, 8});
        stripes.slice(3, 0, 8, 2).fill_(-1);
        const double opposite = 1 - (-2 + 3.6e-3) / (2 + 3.6e-3);
        QVERIFY(std::abs(structureLoss(stripes, -stripes).item<double>() - opposite) < 1e-4);
        const auto learnt = (picture * 0.9).requires_grad_(true);
        structureLoss(learnt, picture).backward();
        QVERIFY(learnt.grad().abs().sum().item<double>() > 0);
    }

    void squaresAreCutAtRandom() {
        const auto rows = torch::arange(40).view({1, 1, 40, 1}).expand({64, 1, 40, 32});
        const auto columns = torch::arange(32).view({1, 1, 1, 32}).expand({64, 1, 40, 32});
        const auto pictures = torch::cat({rows, columns}, 1).to(torch::kFloat32);
        const auto squares = randomSquares(pictures, 16, numbers(3));
        QCOMPARE(squares.sizes().vec(), (std::vector<std::int64_t>{64, 2, 16, 16}));
        QVERIFY(torch::equal(squares, randomSquares(pictures, 16, numbers(3))));
        int mirrored = 0;
        for (int i = 0; i < 64; ++i) { // neighbours stay neighbours
            const auto across = squares[i][1][0].diff(), down = squares[i][0].select(1, 0).diff();
            QVERIFY(torch::equal(across.abs(), torch::ones({15})));
            QVERIFY(torch::equal(down, torch::ones({15})));
            mirrored += across[0].item<float>() < 0;
        }
        QVERIFY(mirrored > 16 && mirrored < 48);
        QVERIFY(squares.select(1, 0).amax().item<float>() > 35);
        QVERIFY(squares.select(1, 0).amin().item<float>() < 4);
        // None is larger than its picture.
        QCOMPARE(randomSquares(pictures, 64, numbers(3)).size(2), 40);
    }

    void theSketchIsACondition() {
        auto config = tiny();
        config.sketch = true;
        QVERIFY(!nn::check(config)); // four more channels are to be read
        config.denoiser.inChannels += config.vae.latentChannels;
        QVERIFY(nn::check(config));
        auto clips = someClips();
        QVERIFY(!checkClips(config, clips));
        clips.sketch = torch::randn_like(clips.latents);
        QVERIFY(checkClips(config, clips));
        nn::MimoNetworks networks(config);
        for (torch::nn::Module* module : {static_cast<torch::nn::Module*>(networks.reference.get()),
                                          static_cast<torch::nn::Module*>(networks.denoiser.get()),
                                          static_cast<torch::nn::Module*>(networks.pose.get())})
            nn::initialise(*module, 2);
        const auto objective = DiffusionObjective::create({});
        const auto draw = objective->draw(clips, numbers(1));
        const auto first = objective->losses(networks, clips, draw);
        QVERIFY2(first, first ? "" : first.error().message.c_str());
        clips.sketch[1].zero_();
        const auto second = objective->losses(networks, clips, draw);
        QVERIFY((*first)[1].item<float>() != (*second)[1].item<float>());
        QVERIFY((*first)[0].item<float>() == (*second)[0].item<float>());
    }

    void onlyTheTimestepsOfSamplingAreDrawn() {
        DiffusionTraining few;
        few.onlySteps = 4;
        const auto objective = DiffusionObjective::create(few);
        QVERIFY(objective);
        std::map<std::int64_t, int> drawn;
        for (std::uint64_t i = 0; i < 200; ++i) {
            const auto draw = objective->draw(someClips(), numbers(i));
            for (int k = 0; k < kClips; ++k)
                ++drawn[draw.timesteps[k].item<std::int64_t>()];
        }
        QCOMPARE(drawn.size(), std::size_t(4));
        for (const std::int64_t wanted : {999, 749, 499, 249})
            QVERIFY(drawn[wanted] > 100);
        few.onlySteps = 100000;
        QVERIFY(!DiffusionObjective::create(few));
    }

    void aSketchSaysMostOfTheVelocity() {
        const auto process = NoiseProcess::create({}, PredictionTarget::Velocity);
        const auto factors = process->sketchFactors(0.4);
        QCOMPARE(factors.size(0), process->steps());
        torch::manual_seed(8);
        const auto sketch = torch::randn({1, 400000});
        const auto latents = sketch + 0.4 * torch::randn_like(sketch);
        const auto noise = torch::randn_like(sketch);
        for (const int t : {0, 100, 400, 800, 999}) {
            const auto time = torch::tensor({t});
            const auto noisy = process->noisy(latents, noise, time);
            const auto rest = process->wanted(latents, noise, time) - factors[t][1] * noisy -
                              factors[t][2] * sketch;
            // What is left is as large as it says, and neither input says anything about it.
            const double ratio = rest.std().item<double>() / factors[t][0].item<double>();
            QVERIFY2(std::abs(ratio - 1) < 0.01, qPrintable(QString::number(ratio)));
            QVERIFY(std::abs((rest * noisy).mean().item<double>()) < 0.01);
            QVERIFY(std::abs((rest * sketch).mean().item<double>()) < 0.01);
        }
    }

    void aDenoiserGoesOutFromTheSketch() {
        auto config = tiny();
        config.denoiser.fromSketch = true;
        QVERIFY(!nn::check(config)); // of which there are none
        config.sketch = true;
        config.denoiser.inChannels += config.vae.latentChannels;
        QVERIFY(nn::check(config));
        nn::MimoNetworks networks(config);
        const torch::NoGradGuard noGrad;
        nn::initialise(*networks.reference, 2);
        nn::initialise(*networks.pose, 2);
        nn::initialise(*networks.denoiser, 2, {"conv_out"});
        DiffusionTraining even;
        even.minSnrGamma = even.dropIdentity = 0;
        const auto objective = DiffusionObjective::create(even);
        auto& factors = networks.denoiser->sketch_factors;
        factors.copy_(objective->process().sketchFactors(0.5));

        auto clips = someClips();
        clips.sketch = clips.latents + 0.5 * torch::randn_like(clips.latents);
        auto draw = objective->draw(clips, numbers(1));
        draw.timesteps = torch::tensor({0, 500, 999});
        const auto noisy = objective->process().noisy(clips.latents, draw.noise, draw.timesteps);
        const auto told = networks.denoiser->prepare(nullptr, clips.token, kClips, kClips,
                                                     nn::Formulation::Saved);
        const auto answer = networks.denoiser->forward(
            torch::cat({noisy, clips.scene, clips.occluder, clips.sketch}, 1), draw.timesteps, {},
            told);
        for (int i = 0; i < kClips; ++i) {
            const auto row = factors[draw.timesteps[i].item<int>()];
            QVERIFY(torch::allclose(answer[i], row[1] * noisy[i] + row[2] * clips.sketch[i], 1e-5,
                                    1e-6));
        }
        const auto wanted = objective->process().wanted(clips.latents, draw.noise, draw.timesteps);
        const auto losses = objective->losses(networks, clips, draw);
        QVERIFY2(losses, losses ? "" : losses.error().message.c_str());
        for (int i = 0; i < kClips; ++i) {
            const auto scale = factors[draw.timesteps[i].item<int>()][0].item<double>();
            const auto error = (answer[i] - wanted[i]).square().mean().item<double>();
            const auto loss = (*losses)[i].item<double>();
            QVERIFY(std::abs(loss / (error / scale / scale) - 1) < 1e-4);
            QVERIFY(loss > 0.5 && loss < 2); // the layers' part has a deviation of about 1
        }
    }
};

QTEST_GUILESS_MAIN(TestDiffusionObjective)
#include "test_diffusion_objective.moc"
