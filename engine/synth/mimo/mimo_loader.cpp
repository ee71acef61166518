// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/synth/mimo/mimo_loader.h"

#include "engine/formats/checkpoint.h"
#include "engine/nn/guard.h"
#include "engine/nn/layers/initialise.h"
#include "engine/nn/mimo/mimo_networks.h"
#include "engine/weights/checkpoint_names.h"
#include "engine/weights/load_weights.h"

#include <optional>

namespace strata {
namespace fs = std::filesystem;
namespace {

Result<torch::TensorOptions> tensorOptions(const MimoPlace& place) {
    std::optional<torch::Device> device;
    try {
        device.emplace(place.device);
    } catch (const std::exception&) {
    }
    if (!device || (!device->is_cpu() && !device->is_cuda()))
        return Error{ErrorCode::Usage, "'" + place.device + "' is not a device; say cpu or cuda."};
    if (device->is_cuda() && device->index() >= int(torch::cuda::device_count()))
        return Error{ErrorCode::Usage, "This machine has no GPU '" + place.device + "'."};
    if (device->is_cuda() && !torch::cuda::is_available())
        return Error{ErrorCode::Usage, "This machine has no GPU that LibTorch can use."};
    if (device->is_cpu() && place.precision == MimoPrecision::Half)
        return Error{ErrorCode::Usage, "Half precision needs a GPU; the processor computes with "
                                       "single precision or bfloat16."};
    const auto type = place.precision == MimoPrecision::Float  ? torch::kFloat32
                      : place.precision == MimoPrecision::Half ? torch::kHalf
                                                               : torch::kBFloat16;
    return torch::TensorOptions().device(place.waiting ? torch::kCPU : *device).dtype(type);
}

Result<std::shared_ptr<nn::MimoNetworks>> emptyNetworks(const nn::MimoConfig& config,
                                                        const MimoPlace& place) {
    STRATA_TRY(nn::check(config));
    STRATA_ASSIGN(const auto options, tensorOptions(place));
    using Networks = std::shared_ptr<nn::MimoNetworks>;
    try { // not in inference mode: the same networks may be trained
        return std::make_shared<nn::MimoNetworks>(config, options);
    } catch (const std::exception& e) {
        return nn::inferring("Making the networks", [&]() -> Result<Networks> {
            throw std::runtime_error(nn::shortMessage(e));
        });
    }
}

/// The file's tensors, without what stands before `known` in their names.
Result<ArrayMap> tensorsOf(const fs::path& file, const char* what, std::string_view known) {
    if (file.empty())
        return Error{ErrorCode::NotFound, std::string("No file with the ") + what + " was given."};
    STRATA_ASSIGN(ArrayMap tensors, readCheckpoint(file));
    const auto prefix = prefixBefore(tensors, known);
    return withoutPrefix(std::move(tensors), prefix);
}

std::string quoted(const fs::path& file) { return "'" + file.string() + "'"; }

class Loader {
public:
    explicit Loader(std::vector<std::string>& notes)
        : m_notes(notes) {}

    Status fill(torch::nn::Module& network, const std::vector<WeightSource>& sources,
                const LoadOptions& options = {}) {
        std::string names;
        for (const auto& source : sources)
            names += (names.empty() ? "" : " and ") + source.name;
        return nn::inferring("Loading " + names, [&]() -> Status {
            STRATA_ASSIGN(const LoadReport report, loadWeights(network, sources, options));
            if (auto note = describe(report, names); !note.empty())
                m_notes.push_back(std::move(note));
            return ok();
        });
    }

private:
    std::vector<std::string>& m_notes;
};

Status loadDenoiser(Loader& loader, nn::MimoNetworks& networks, const MimoFiles& files) {
    STRATA_ASSIGN(const ArrayMap spatial,
                  tensorsOf(files.denoiser, "denoising network", "time_embedding.linear_1.weight"));
    std::vector<WeightSource> sources{{&spatial, quoted(files.denoiser)}};
    ArrayMap motion;
    if (!files.motion.empty()) { // before the other: of keys in both, the denoiser's count
        STRATA_ASSIGN(motion,
                      tensorsOf(files.motion, "motion modules",
                                "down_blocks.0.motion_modules.0.temporal_transformer.norm.weight"));
        sources.insert(sources.begin(), {&motion, quoted(files.motion)});
    }
    LoadOptions options;
    options.widened = {"conv_in.weight"};
    return loader.fill(*networks.denoiser, sources, options);
}

} // namespace

Result<LoadedMimo> loadMimo(const MimoFiles& files, const nn::MimoConfig& config,
                            const MimoPlace& place) {
    LoadedMimo loaded;
    STRATA_ASSIGN(loaded.networks, emptyNetworks(config, place));
    auto& networks = *loaded.networks;
    Loader loader(loaded.notes);
    { // the small ones first: what is wrong with them shows early
        STRATA_ASSIGN(const ArrayMap tensors,
                      tensorsOf(files.pose, "pose guider", "blocks.0.weight"));
        STRATA_TRY(loader.fill(*networks.pose, {{&tensors, quoted(files.pose)}}));
    }
    {
        STRATA_ASSIGN(ArrayMap tensors, tensorsOf(files.vae, "picture coder", "quant_conv.weight"));
        tensors = withNewAttentionNames(std::move(tensors));
        STRATA_TRY(loader.fill(*networks.vae, {{&tensors, quoted(files.vae)}}));
    }
    if (config.refines()) {
        STRATA_ASSIGN(const ArrayMap tensors,
                      tensorsOf(files.refiner, "refiner", "conv_in.weight"));
        STRATA_TRY(loader.fill(*networks.refiner, {{&tensors, quoted(files.refiner)}}));
    }
    if (config.usesClip()) {
        STRATA_ASSIGN(const ArrayMap tensors,
                      tensorsOf(files.clip, "CLIP image encoder", "visual_projection.weight"));
        LoadOptions options;
        options.ignores = nn::clipVisionIgnores;
        STRATA_TRY(loader.fill(*networks.clip, {{&tensors, quoted(files.clip)}}, options));
    }
    {
        STRATA_ASSIGN(const ArrayMap tensors, tensorsOf(files.reference, "reference network",
                                                        "time_embedding.linear_1.weight"));
        STRATA_TRY(loader.fill(*networks.reference, {{&tensors, quoted(files.reference)}}));
    }
    STRATA_TRY(loadDenoiser(loader, networks, files));
    return loaded;
}

Result<LoadedMimo> randomMimo(const nn::MimoConfig& config, std::uint64_t seed,
                              const MimoPlace& place) {
    LoadedMimo made;
    STRATA_ASSIGN(made.networks, emptyNetworks(config, place));
    auto& networks = *made.networks;
    STRATA_TRY(nn::inferring("Making random networks", [&]() -> Status {
        nn::initialise(*networks.vae, seed);
        if (config.usesClip())
            nn::initialise(*networks.clip, seed + 1);
        nn::initialise(*networks.pose, seed + 2);
        if (config.refines())
            nn::initialise(*networks.refiner, seed + 5);
        nn::initialise(*networks.reference, seed + 3);
        nn::initialise(*networks.denoiser, seed + 4);
        return ok();
    }));
    return made;
}

} // namespace strata
