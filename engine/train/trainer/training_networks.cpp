// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/training_networks.h"

#include "engine/core/atomic_file.h"
#include "engine/formats/safetensors.h"
#include "engine/nn/guard.h"
#include "engine/nn/layers/initialise.h"
#include "engine/weights/load_weights.h"
#include "engine/weights/tensor_map.h"

#include <algorithm>

namespace strata {
namespace {

using NamedModule = std::pair<const char*, torch::nn::Module*>;

std::vector<NamedModule> modulesOf(const TrainingNetworks& given) {
    auto& n = *given.networks;
    nn::MotionCode code = given.code; // a handle
    std::vector<NamedModule> out{{"vae", n.vae.get()}};
    if (n.clip)
        out.emplace_back("clip", n.clip.get());
    out.emplace_back("reference", n.reference.get());
    if (code)
        out.emplace_back("code", code.get());
    out.emplace_back("pose", n.pose.get());
    if (n.refiner)
        out.emplace_back("refiner", n.refiner.get());
    out.emplace_back("denoiser", n.denoiser.get());
    return out;
}

/// How late in a pass a part of a UNet comes.
int placeInPass(const std::string& name) {
    const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
    return has(".mid_block.")                            ? 1
           : has(".up_blocks.")                          ? 2
           : has(".conv_norm_out.") || has(".conv_out.") ? 3
                                                         : 0;
}

bool learns(TrainingStage stage, const std::string& network, const std::string& parameter) {
    const bool motion = parameter.find("motion_modules") != std::string::npos;
    const bool apart = network == "vae" || network == "clip" || network == "refiner";
    switch (stage) {
    case TrainingStage::Autoencoder:
        return network == "vae";
    case TrainingStage::Frames:
        return !apart && !motion;
    case TrainingStage::Clips:
        return network == "denoiser" && motion;
    case TrainingStage::Joint:
        return !apart;
    case TrainingStage::Refiner:
        return network == "refiner";
    case TrainingStage::Denoiser:
        return network == "denoiser" && !motion;
    }
    return false;
}

torch::ScalarType typeOf(TrainingPrecision precision) {
    switch (precision) {
    case TrainingPrecision::BFloat16:
        return torch::kBFloat16;
    case TrainingPrecision::Half:
        return torch::kHalf;
    default:
        return torch::kFloat32;
    }
}

Result<torch::Tensor> sketchFactors(const TrainingConfig& config) {
    STRATA_ASSIGN(const auto process,
                  NoiseProcess::create(config.diffusion.schedule, config.diffusion.target));
    if (config.diffusion.target != PredictionTarget::Velocity ||
        process.steps() != nn::UnetConfig::sketchSteps)
        return Error{ErrorCode::Usage,
                     "A denoiser that goes out from sketches learns velocities of "
                     "a schedule with 1000 timesteps."};
    return process.sketchFactors(config.diffusion.sketchSpread);
}

Status writeModule(const torch::nn::Module& module, const std::filesystem::path& path, bool half) {
    ArrayMap arrays;
    const auto put = [&](const std::string& name, const torch::Tensor& tensor) -> Status {
        const bool shorten = half && tensor.is_floating_point();
        const auto plain = tensor.detach().to(shorten                      ? torch::kHalf
                                              : tensor.is_floating_point() ? torch::kFloat32
                                                                           : tensor.scalar_type());
        STRATA_ASSIGN(arrays[name], toArray(plain));
        return ok();
    };
    for (const auto& item : module.named_parameters())
        STRATA_TRY(put(item.key(), item.value()));
    for (const auto& item : module.named_buffers())
        STRATA_TRY(put(item.key(), item.value()));
    return writeSafetensors(path, arrays);
}

std::string fileOf(const std::string& network) {
    return (network == "code" ? "codes" : network) + ".safetensors";
}

Status readModule(torch::nn::Module& module, const std::filesystem::path& path) {
    STRATA_ASSIGN(const ArrayMap arrays, readSafetensors(path));
    STRATA_TRY(loadWeights(module, arrays, "'" + path.filename().string() + "'"));
    return ok();
}

Status readScale(const std::filesystem::path& path, double& scale) {
    STRATA_ASSIGN(const std::string text, readFile(path, 1 << 20));
    STRATA_ASSIGN(const Settings settings, parseSettings(text, "'" + path.string() + "'"));
    const auto found = settings.find("networks.vae.scale");
    if (found != settings.end() && std::holds_alternative<double>(found->second))
        scale = std::get<double>(found->second);
    return ok();
}

} // namespace

Result<TrainingNetworks> TrainingNetworks::create(const TrainingConfig& config,
                                                  const TrainingBody& body,
                                                  const torch::Device& device) {
    if (config.learntCodes() && (body.vertices() == 0 || body.faces.empty()))
        return Error{ErrorCode::Usage, "Learning a motion code needs the body it lies on."};
    return nn::guarded("Making the networks", [&]() -> Result<TrainingNetworks> {
        const auto options = torch::TensorOptions(typeOf(config.precision)).device(device);
        TrainingNetworks out;
        out.networks = std::make_shared<nn::MimoNetworks>(config.networks, options);
        auto& n = *out.networks;
        nn::initialise(*n.vae, config.seed);
        if (config.networks.vae.shortcut)
            n.vae->beginLinear();
        if (n.clip)
            nn::initialise(*n.clip, config.seed + 1);
        nn::initialise(*n.reference, config.seed + 2);
        nn::initialise(*n.pose, config.seed + 3, {"conv_out"});
        if (n.refiner)
            nn::initialise(*n.refiner, config.seed + 6, {"conv_out"});
        std::vector<std::string> zero{"temporal_transformer.proj_out"};
        if (config.networks.denoiser.fromSketch) {
            STRATA_ASSIGN(const auto factors, sketchFactors(config));
            n.denoiser->sketch_factors.copy_(factors);
            zero.push_back("conv_out"); // what the sketch says is what it begins with
        }
        nn::initialise(*n.denoiser, config.seed + 4, zero);
        if (config.learntCodes()) {
            out.code = nn::MotionCode(body.vertices(), config.networks.pose.inChannels, options);
            const torch::NoGradGuard noGrad;
            out.code->initialise(body.rest, config.seed + 5);
        }
        for (const auto& [name, module] : modulesOf(out))
            for (auto& item : module->named_parameters())
                item.value().requires_grad_(learns(config.stage, name, item.key()));
        return out;
    });
}

torch::TensorOptions TrainingNetworks::options() const {
    return networks->denoiser->parameters().front().options().requires_grad(false);
}

NamedTensors TrainingNetworks::all() const {
    NamedTensors out;
    for (const auto& [network, module] : modulesOf(*this)) {
        const std::string prefix = std::string(network) + ".";
        for (const auto& item : module->named_parameters())
            out.emplace_back(prefix + item.key(), item.value());
        for (const auto& item : module->named_buffers())
            out.emplace_back(prefix + item.key(), item.value());
    }
    return out;
}

NamedTensors TrainingNetworks::learnt() const {
    NamedTensors out;
    for (auto& item : all())
        if (item.second.requires_grad())
            out.push_back(std::move(item));
    // Only the last network, the denoiser, is put in order: the rest of the names stay.
    const auto denoiser = std::ranges::find_if(
        out, [](const auto& item) { return item.first.starts_with("denoiser."); });
    std::stable_sort(denoiser, out.end(), [](const auto& a, const auto& b) {
        return placeInPass(a.first) < placeInPass(b.first);
    });
    return out;
}

Status exportNetworks(const TrainingNetworks& networks, const TrainingConfig& config,
                      const std::filesystem::path& folder, bool half) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return Error{ErrorCode::Io, "The folder '" + folder.string() +
                                        "' cannot be made: " + failed.message() + "."};
    return nn::guarded("Writing the networks", [&]() -> Status {
        const bool coder = config.stage == TrainingStage::Autoencoder;
        for (const auto& [name, module] : modulesOf(networks))
            if (!coder || module == networks.networks->vae.get())
                STRATA_TRY(writeModule(*module, folder / fileOf(name), half));
        TrainingConfig shown = config;
        shown.networks = networks.config();
        return writeFileAtomically(folder / "training.json", settingsText(shown.settings()));
    });
}

Status importNetworks(const std::filesystem::path& folder, TrainingNetworks& networks) {
    return nn::guarded("Reading the networks", [&]() -> Status {
        bool any = false;
        for (const auto& [name, module] : modulesOf(networks)) {
            const auto path = folder / fileOf(name);
            if (!std::filesystem::exists(path))
                continue;
            STRATA_TRY(readModule(*module, path));
            any = true;
        }
        if (!any)
            return Error{ErrorCode::NotFound,
                         "The folder '" + folder.string() + "' holds no networks."};
        const auto settings = folder / "training.json";
        return std::filesystem::exists(settings)
                   ? readScale(settings, networks.networks->config.vae.scale)
                   : ok();
    });
}

} // namespace strata
