// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/core/job_context.h"
#include "engine/nn/codes/motion_code.h"
#include "engine/nn/layers/initialise.h"
#include "engine/synth/diffusion/network_inputs.h"
#include "engine/synth/diffusion/sampler.h"
#include "engine/synth/diffusion/seeded_noise.h"
#include "engine/synth/mimo/mimo_backend.h"
#include "engine/synth/mimo/mimo_tensors.h"
#include "engine/train/diffusion/autoencoder_objective.h"
#include "engine/train/diffusion/diffusion_objective.h"
#include "tests/unit/train/rendered_clip.h"

#include <QTest>

#include <chrono>
#include <cmath>
#include <cstdio>

using namespace strata;

namespace {

constexpr int kFrames = 8, kSide = 48, kCodes = 8;
constexpr std::uint64_t kSeed = 1; // others reach the same
constexpr int kCoderSteps = 450;
constexpr int kSteps = 320, kCopies = 2;

/// The paper's variant with every layer small.
nn::MimoConfig tinyPaper() {
    nn::MimoConfig config = nn::MimoConfig::paper(kCodes);
    for (nn::UnetConfig* unet : {&config.reference, &config.denoiser}) {
        unet->channels = {32, 64};
        unet->layersPerBlock = 1;
        unet->heads = unet->motionHeads = 4;
        unet->groups = 8;
        unet->contextWidth = 16;
        unet->motionFrames = kFrames;
    }
    config.pose.channels = {8, 16, 16, 32};
    config.pose.outChannels = 32;
    config.vae.channels = {16, 16, 32, 32};
    config.vae.layersPerBlock = 1;
    config.vae.groups = 4;
    config.clip = {16, 1, 2, 32, 56, 224, 16};
    return config;
}

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double psnr(const torch::Tensor& given, const torch::Tensor& wanted) { // of 0..1
    return -10 * std::log10((given - wanted).square().mean().item<double>());
}

/// From `peak` down to a hundredth of it along a cosine, after a few steps of warm-up.
void setRate(torch::optim::AdamW& optimiser, double peak, int step, int steps) {
    const double part = double(step) / steps;
    const double rate = peak * std::min(1.0, (step + 1) / 20.0) *
                        (0.01 + 0.99 * 0.5 * (1 + std::cos(3.14159265 * part)));
    for (auto& group : optimiser.param_groups())
        static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
}

FrameStack pictures(const std::vector<ImageU8>& images) {
    FrameStack out(int(images.size()), {3, kSide, kSide});
    for (std::size_t i = 0; i < images.size(); ++i)
        std::ranges::copy(vaePicture(images[i], {kSide, kSide}).values(),
                          out.frame(int(i)).begin());
    return out;
}

/// What is trained here: the picture coder on the clip's frames alone (the pictures of scene, post
/// and identity go through it unlearnt), then, with the coder as it is, reference network,
/// denoiser, pose guider and the codes on the vertices, on the one clip. The CLIP tower keeps its
/// random values. Nothing was trained before, and nothing is learnt here but this clip.
struct Overfit {
    Overfit(const test::RenderedClip& clip, const BodyModel& body, std::uint64_t number)
        : seed(number)
        , networks(std::make_shared<nn::MimoNetworks>(tinyPaper()))
        , code(kBodyVertices, kCodes)
        , generator(at::detail::createCPUGenerator(number)) {
        nn::initialise(*networks->vae, seed);
        nn::initialise(*networks->clip, seed + 1);
        nn::initialise(*networks->reference, seed + 2);
        nn::initialise(*networks->pose, seed + 3, {"conv_out"});
        nn::initialise(*networks->denoiser, seed + 4, {"temporal_transformer.proj_out"});
        std::vector<float> rest;
        for (const auto& v : body.vTemplate)
            rest.insert(rest.end(), {v.x, v.y, v.z});
        code->initialise(rest, seed + 5);
        std::vector<std::uint32_t> faces;
        for (const auto& face : body.faces)
            faces.insert(faces.end(), {face.x, face.y, face.z});
        rasters = std::make_shared<nn::BodyRasters>(
            torch::tensor(clip.vertices).view({kFrames, kBodyVertices, 3}), faces,
            std::vector<RasterCamera>(kFrames, clip.camera));
        frames = pictures(clip.frames);
        scenes = pictures(clip.scenes);
        occluders = pictures(clip.occluders);
        identity = {pictures({clip.identity}), clipPicture(clip.identity)};
    }

    static torch::Tensor tensor(const FrameStack& stack) {
        return tensorOf(stack, torch::TensorOptions()).clone();
    }

    /// -> PSNR of the frames through the coder
    double trainCoder() {
        // Latents start near zero: as much noise as a coder usually sees would drown them for most
        // of so short a training.
        constexpr double kNoise = 0.05, kRate = 3e-3;
        const auto all = tensor(frames);
        torch::optim::AdamW optimiser(
            networks->vae->parameters(),
            torch::optim::AdamWOptions(kRate).weight_decay(0).betas(std::make_tuple(0.9, 0.99)));
        for (int step = 0; step < kCoderSteps; ++step) {
            setRate(optimiser, kRate, step, kCoderSteps);
            const auto noise = kNoise * torch::randn({kFrames, 4, kSide / 8, kSide / 8}, generator);
            const auto loss = autoencoderLoss(networks->vae, all, noise, {1e-6});
            if (!loss) {
                std::printf("%s\n", loss.error().message.c_str());
                return NAN;
            }
            optimiser.zero_grad();
            loss->backward();
            torch::nn::utils::clip_grad_norm_(networks->vae->parameters(), 1.0);
            optimiser.step();
        }
        const torch::NoGradGuard noGrad;
        const auto latents = networks->vae->encode(tensor(frames));
        networks->config.vae.scale = 1 / latents.std().item<double>();
        return psnr((networks->vae->decode(latents) / 2 + 0.5).clamp(0, 1),
                    tensor(frames) / 2 + 0.5);
    }

    /// The clip as the trainer sees it, `copies` times; all but the motion, which is drawn anew at
    /// each step because its codes change.
    TrainingClips clips(int copies) {
        const torch::NoGradGuard noGrad;
        const auto repeated = [copies](const torch::Tensor& x) {
            std::vector<torch::Tensor> rows(std::size_t(copies), x);
            return torch::cat(rows);
        };
        const auto encoded = [&](const FrameStack& stack) {
            return networks->vae->encode(tensor(stack)) * networks->config.vae.scale;
        };
        TrainingClips out;
        out.latents = repeated(oneClip(encoded(frames)));
        out.scene = repeated(oneClip(encoded(scenes)));
        out.occluder = repeated(oneClip(encoded(occluders)));
        out.reference = repeated(encoded(identity.picture));
        out.token = repeated(networks->clip->forward(tensor(identity.clip)).embedding.unsqueeze(1));
        return out;
    }

    /// -> mean loss of the last tenth of the steps
    double trainDenoiser() {
        std::vector<torch::Tensor> parameters = code->parameters();
        for (torch::nn::Module* module :
             {static_cast<torch::nn::Module*>(networks->reference.get()),
              static_cast<torch::nn::Module*>(networks->denoiser.get()),
              static_cast<torch::nn::Module*>(networks->pose.get())})
            for (const auto& parameter : module->parameters())
                parameters.push_back(parameter);
        torch::optim::AdamW optimiser(
            parameters,
            torch::optim::AdamWOptions(2e-3).weight_decay(0).betas(std::make_tuple(0.9, 0.99)));
        const auto objective = DiffusionObjective::create({});
        auto batch = clips(kCopies);
        double last = 0;
        for (int step = 0; step < kSteps; ++step) {
            setRate(optimiser, 2e-3, step, kSteps);
            const auto motion = oneClip(code->forward(rasters));
            batch.motion = motion.expand({kCopies, -1, -1, -1, -1});
            const auto losses =
                objective->losses(*networks, batch, objective->draw(batch, generator));
            if (!losses) {
                std::printf("%s\n", losses.error().message.c_str());
                return NAN;
            }
            optimiser.zero_grad();
            const auto loss = losses->mean();
            loss.backward();
            torch::nn::utils::clip_grad_norm_(parameters, 1.0);
            optimiser.step();
            if (step >= kSteps - kSteps / 10)
                last += loss.item<double>() / (kSteps / 10);
        }
        return last;
    }

    /// As the product does it: conditions, noise, DDIM, decoding. -> pictures 0..1
    Result<FrameStack> sample(float guidance) {
        MimoBackend backend(networks);
        STRATA_TRY(backend.setReference(identity, {}));
        STRATA_TRY(backend.beginClip(kFrames, {kSide, kSide}));
        const torch::NoGradGuard noGrad;
        const FrameStack motion = stackOf(code->forward(rasters));
        STRATA_TRY(backend.setConditions(0, {motion, scenes, occluders}, {}));
        SamplerSettings settings;
        settings.guidance = guidance;
        Sampler sampler(backend, settings);
        const FrameShape shape = backend.latentShape({kSide, kSide});
        STRATA_ASSIGN(const FrameStack latents,
                      sampler.run(seededNoise({seed + 6}, kFrames, shape), {}));
        return backend.decode(latents, {});
    }

    std::uint64_t seed;
    std::shared_ptr<nn::MimoNetworks> networks;
    nn::MotionCode code;
    at::Generator generator;
    std::shared_ptr<const nn::BodyRasters> rasters;
    FrameStack frames, scenes, occluders; // -1..1
    ReferenceInput identity;
};

} // namespace

/// The way of training is known to work when a network that starts from nothing can learn one clip
/// by heart.
class TestOverfit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTinyNetworkLearnsOneClipByHeart() {
        torch::set_num_threads(1);
        const auto start = std::chrono::steady_clock::now();
        const auto body =
            loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
        QVERIFY2(body, body ? "" : body.error().message.c_str());
        const test::RenderedClip clip = test::renderClip(*body, kFrames, kSide);
        Overfit run(clip, *body, kSeed);
        const auto codesBefore = run.code->codes.detach().clone();
        const double rendered = secondsSince(start);
        const double coder = run.trainCoder();
        const double coded = secondsSince(start);
        const double loss = run.trainDenoiser();
        const double trained = secondsSince(start);
        const auto sampled = run.sample(1.f);
        QVERIFY2(sampled, sampled ? "" : sampled.error().message.c_str());
        const auto truth = Overfit::tensor(run.frames) / 2 + 0.5;
        const double reached = psnr(Overfit::tensor(*sampled), truth);
        const double scene = psnr(Overfit::tensor(run.scenes) / 2 + 0.5, truth);
        std::printf(
            "PSNR: sampled %.2f dB, through the coder %.2f dB, empty scene %.2f dB\n"
            "loss %.4f; seconds: rendering %.1f, coder %.1f, denoiser %.1f, sampling %.1f\n",
            reached, coder, scene, loss, rendered, coded - rendered, trained - coded,
            secondsSince(start) - trained);
        QVERIFY(reached >= 30);
        QVERIFY(reached > scene + 10);
        QVERIFY(!torch::equal(codesBefore, run.code->codes.detach()));
    }
};

QTEST_GUILESS_MAIN(TestOverfit)
#include "test_overfit.moc"
