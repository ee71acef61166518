// SPDX-License-Identifier: Apache-2.0
// The official implementation's numbers (tests/golden) against our networks on a device, in three
// precisions.
#include <torch/torch.h>

#include "packaging/gpu/program/report.h"

#include "engine/nn/clip/clip_vision.h"
#include "engine/nn/pose/pose_guider.h"
#include "engine/nn/unet/unet.h"
#include "engine/nn/vae/vae.h"
#include "engine/weights/load_weights.h"
#include "engine/weights/tensor_map.h"
#include "tests/support/golden.h"

#include <functional>

namespace strata::gpu {
namespace {

using nn::Formulation;
using test::golden;
using test::goldenPart;
using test::goldenWeights;

struct Precision {
    std::string name;
    torch::ScalarType type;
    double leastPsnr; // where there is no limit for the difference
};

const Precision kPrecisions[] = {
    {"fp32", torch::kFloat32, 0},
    {"fp16", torch::kHalf, 40},
    {"bf16", torch::kBFloat16, 17}}; // a picture coder of random weights
constexpr double kOtherOrder = 5; // sums of a GPU run in another order than those of the reference

class GoldenRun {
public:
    GoldenRun(const Precision& precision, const std::string& device, Report& report)
        : m_precision(precision)
        , m_place(torch::TensorOptions().device(device).dtype(precision.type))
        , m_report(report) {}

    int failed() const { return m_failed; }
    int passed() const { return m_passed; }

    void all() {
        const c10::InferenceMode inference;
        guarded("pose guider", [this] { poseGuider(); });
        guarded("picture coder", [this] { pictureCoder(); });
        guarded("clip", [this] { clip(); });
        guarded("motion module", [this] { motionModule(); });
        guarded("reference", [this] { reference(); });
        guarded("denoiser", [this] { denoiser(); });
    }

private:
    void guarded(const std::string& name, const std::function<void()>& run) {
        try {
            run();
        } catch (const std::exception& e) {
            ++m_failed;
            const std::string text = e.what();
            m_report.write(Report::Line(m_precision.name + " " + name)
                               .add("good", "NO")
                               .add("trouble", text.substr(0, text.find('\n'))));
        }
    }

    torch::Tensor given(const ArrayMap& data, const std::string& name) const {
        return value(data, name).to(m_place);
    }

    static torch::Tensor value(const ArrayMap& data, const std::string& name) {
        const auto found = data.find(name);
        TORCH_CHECK(found != data.end(), "the golden data have no ", name);
        auto tensor = toTensor(found->second, name);
        TORCH_CHECK(bool(tensor), tensor ? "" : tensor.error().message);
        return tensor->clone();
    }

    static ArrayMap file(const std::string& name) {
        auto data = golden(name);
        TORCH_CHECK(!data.empty(), "tests/golden/", name, " cannot be read");
        return data;
    }

    template <typename Network>
    void load(Network& network, const ArrayMap& weights) const {
        const auto loaded = loadWeights(*network, weights, "golden");
        TORCH_CHECK(bool(loaded), loaded ? "" : loaded.error().message);
    }

    template <typename Network>
    void loadNamed(Network& network, const std::string& name) const {
        const auto weights = goldenWeights(name);
        TORCH_CHECK(bool(weights), weights ? "" : weights.error().message);
        load(network, *weights);
    }

    void compare(const std::string& name, const torch::Tensor& result, const torch::Tensor& wanted,
                 double limit) {
        const auto ours = result.to(torch::kCPU, torch::kFloat64);
        const auto theirs = wanted.to(torch::kFloat64);
        TORCH_CHECK(ours.sizes() == theirs.sizes(), name, " has another shape");
        const auto miss = (ours - theirs).abs();
        const double most = miss.max().item<double>(), mean = miss.mean().item<double>();
        const double range = (theirs.max() - theirs.min()).item<double>();
        const double error = miss.square().mean().item<double>();
        const double psnr = 10 * std::log10(range * range / std::max(error, 1e-30));
        const bool exact = m_precision.type == torch::kFloat32;
        const bool good = std::isfinite(most) &&
                          (exact ? most <= kOtherOrder * limit : psnr >= m_precision.leastPsnr);
        ++(good ? m_passed : m_failed);
        m_report.write(Report::Line(m_precision.name + " " + name)
                           .add("good", good ? "yes" : "NO")
                           .add("max", most)
                           .add("mean", mean)
                           .add("psnr", psnr)
                           .add("cpu_limit", limit));
    }

    static double limitOf(const torch::Tensor& wanted) {
        return std::max(2e-5, 1e-5 * wanted.abs().max().item<double>());
    }

    void poseGuider() {
        const auto data = file("01_pose_guider.npz");
        nn::PoseGuider network{nn::PoseGuiderConfig{}, m_place};
        load(network, goldenPart(data, "w/"));
        for (const std::string i : {"0", "1", "2"}) {
            const auto wanted = value(data, "out/" + i + "/features");
            compare("pose guider " + i, network(given(data, "in/" + i + "/pose")), wanted,
                    limitOf(wanted));
        }
    }

    void pictureCoder() {
        const auto data = file("02_vae.npz");
        nn::VaeConfig config;
        config.channels = {32, 64, 64, 64};
        nn::Vae network{config, m_place};
        load(network, goldenPart(data, "w/"));
        for (const std::string i : {"0", "1", "2", "3"}) {
            const auto moments = value(data, "out/" + i + "/moments");
            compare("vae moments " + i, network->moments(given(data, "in/" + i + "/image")),
                    moments, limitOf(moments));
            const auto picture = value(data, "out/" + i + "/decoded_mean");
            compare("vae decoded " + i, network->decode(given(data, "out/" + i + "/mean")), picture,
                    limitOf(picture));
        }
    }

    void clip() {
        const auto data = file("03_clip_vision.npz");
        nn::ClipVision network{nn::ClipVisionConfig{64, 3, 4, 256, 14, 56, 32}, m_place};
        load(network, goldenPart(data, "w/"));
        const auto result = network->forward(given(data, "in/pixel_values"));
        const auto embedding = value(data, "out/image_embeds");
        const auto hidden = value(data, "out/last_hidden_state");
        compare("clip embedding", result.embedding, embedding, limitOf(embedding));
        compare("clip hidden state", result.lastHidden, hidden, limitOf(hidden));
    }

    void motionModule() {
        const auto data = file("07_motion_module.npz");
        nn::MotionModule network{nn::MotionShape{64, 8, 32, 32}, m_place};
        load(network, goldenPart(data, "w/"));
        for (const std::string i : {"0", "1", "2", "3"}) {
            const auto x = given(data, "in/" + i + "/x");
            const auto wanted = value(data, "out/" + i + "/y");
            compare("motion module " + i,
                    nn::clipOf(network->forward(nn::framesOf(x), x.size(2)), x.size(0)), wanted,
                    limitOf(wanted));
        }
    }

    static nn::UnetConfig tiny(std::int64_t inputs, bool motion) {
        nn::UnetConfig config;
        config.channels = {32, 64, 128, 128};
        config.contextWidth = 32;
        config.inChannels = inputs;
        config.motion = motion;
        return config;
    }

    void reference() {
        const auto data = file("reference_unet_13x9_f5.npz");
        nn::ReferenceUnet network{tiny(4, false), m_place};
        loadNamed(network, "reference_unet");
        const auto context = given(data, "in/encoder_hidden_states").narrow(0, 1, 1);
        const auto bank = network->forward(given(data, "in/latent"), context);
        const auto names = network->transformerNames();
        for (std::size_t i = 0; i < names.size(); ++i)
            compare("reference " + names[i], bank.tokens.at(i),
                    value(data, "out/bank/" + names[i]).narrow(0, 1, 1), 1e-4);
    }

    void denoiser() {
        nn::DenoisingUnet network{tiny(8, true), m_place};
        loadNamed(network, "denoising_unet");
        const auto alone = file("denoising_unet_alone_13x9_f5.npz");
        const auto read = file("denoising_unet_read_13x9_f5.npz");
        nn::ReferenceBank bank;
        for (const auto& name : network->transformerNames())
            bank.tokens.push_back(given(read, "in/bank_fp16/" + name).narrow(0, 1, 1));
        for (const auto formulation : {Formulation::Saved, Formulation::Plain}) {
            const std::string label = formulation == Formulation::Saved ? " saved" : " plain";
            const auto run = [&](const ArrayMap& data, const nn::ReferenceBank* from, int batch) {
                const auto conditions = network->prepare(
                    from, given(data, "in/encoder_hidden_states"), batch, batch - 1, formulation);
                return network->forward(given(data, "in/sample"),
                                        value(data, "in/timestep").to(m_place.device()),
                                        given(data, "in/pose_cond_fea"), conditions);
            };
            compare("denoiser alone" + label, run(alone, nullptr, 1), value(alone, "out/sample"),
                    3e-5);
            compare("denoiser under guidance" + label, run(read, &bank, 2),
                    value(read, "out/sample"), 3e-5);
        }
    }

    const Precision& m_precision;
    torch::TensorOptions m_place;
    Report& m_report;
    int m_failed = 0, m_passed = 0;
};

} // namespace

int checkGolden(const Arguments& arguments) {
    // The official numbers are of full single precision.
    at::globalContext().setAllowTF32CuBLAS(false);
    at::globalContext().setAllowTF32CuDNN(false);
    Report report(arguments.text("out", ""));
    int failed = 0, passed = 0;
    const auto names = arguments.list("precisions", "fp32,fp16,bf16");
    for (const Precision& precision : kPrecisions) {
        if (std::find(names.begin(), names.end(), precision.name) == names.end())
            continue;
        GoldenRun run(precision, arguments.text("device", "cuda"), report);
        run.all();
        failed += run.failed();
        passed += run.passed();
    }
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}

} // namespace strata::gpu
