// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/initial_weights.h"

#include "engine/formats/checkpoint.h"
#include "engine/nn/guard.h"
#include "engine/weights/checkpoint_names.h"
#include "engine/weights/load_weights.h"
#include "engine/weights/tensor_map.h"

namespace strata {
namespace {

using Path = std::filesystem::path;

constexpr const char* kVae = "quant_conv.weight";
constexpr const char* kUnet = "time_embedding.linear_1.weight";
constexpr const char* kMotion = "down_blocks.0.motion_modules.0.temporal_transformer.norm.weight";

std::string quoted(const Path& file) { return "'" + file.filename().string() + "'"; }

/// A network that is filled from files. What they lack is an error, but for motion modules: those
/// of a picture network keep their values.
class Beginning {
public:
    Beginning(torch::nn::Module& network, std::string known)
        : m_network(network)
        , m_known(std::move(known)) {}

    /// Later files count before earlier ones. `known`: a key that the file must have.
    Status add(const Path& file, const std::string& known) {
        if (file.empty())
            return ok();
        STRATA_ASSIGN(ArrayMap tensors, readCheckpoint(file));
        const auto prefix = prefixBefore(tensors, known);
        tensors = withoutPrefix(std::move(tensors), prefix);
        if (known == kVae)
            tensors = withNewAttentionNames(std::move(tensors));
        if (!tensors.contains(known))
            return Error{ErrorCode::BadFormat, quoted(file) + " has no tensor '" + known +
                                                   "': it holds another network."};
        m_files.push_back({quoted(file), std::move(tensors)});
        return ok();
    }
    Status add(const Path& file) { return add(file, m_known); }

    Status fill(std::vector<std::string>& notes,
                const std::function<bool(const std::string&)>& ignores = {}) {
        if (m_files.empty())
            return ok();
        ArrayMap own;
        const auto keep = [&](const std::string& name, const torch::Tensor& tensor) -> Status {
            if (name.find("motion_modules") == std::string::npos)
                return ok();
            STRATA_ASSIGN(own[name], toArray(tensor.detach().clone()));
            return ok();
        };
        for (const auto& item : m_network.named_parameters())
            STRATA_TRY(keep(item.key(), item.value()));
        for (const auto& item : m_network.named_buffers())
            STRATA_TRY(keep(item.key(), item.value()));
        std::vector<WeightSource> sources{{&own, "the network's own values"}};
        for (const auto& [name, tensors] : m_files)
            sources.push_back({&tensors, name});
        LoadOptions options;
        options.widened = {"conv_in.weight"};
        options.ignores = ignores;
        STRATA_ASSIGN(const LoadReport report, loadWeights(m_network, sources, options));
        if (auto note = describe(report, m_files.back().first); !note.empty())
            notes.push_back(std::move(note));
        return ok();
    }

private:
    torch::nn::Module& m_network;
    std::string m_known;
    std::vector<std::pair<std::string, ArrayMap>> m_files;
};

Status fillAll(const InitialFiles& files, nn::MimoNetworks& n, std::vector<std::string>& notes) {
    Beginning vae(*n.vae, kVae), pose(*n.pose, "blocks.0.weight"), reference(*n.reference, kUnet),
        denoiser(*n.denoiser, kUnet);
    STRATA_TRY(vae.add(files.vae));
    STRATA_TRY(vae.fill(notes));
    if (!files.clip.empty()) {
        if (!n.clip)
            return Error{ErrorCode::Usage,
                         "These networks do without CLIP: its file has no place."};
        Beginning clip(*n.clip, "visual_projection.weight");
        STRATA_TRY(clip.add(files.clip));
        STRATA_TRY(clip.fill(notes, nn::clipVisionIgnores));
    }
    STRATA_TRY(pose.add(files.pose));
    STRATA_TRY(pose.fill(notes));
    STRATA_TRY(reference.add(files.unet));
    STRATA_TRY(reference.add(files.reference));
    STRATA_TRY(reference.fill(notes));
    STRATA_TRY(denoiser.add(files.unet));
    STRATA_TRY(denoiser.add(files.motion, kMotion));
    STRATA_TRY(denoiser.add(files.denoiser));
    return denoiser.fill(notes);
}

} // namespace

Result<std::vector<std::string>> beginFromFiles(const InitialFiles& files,
                                                TrainingNetworks& networks) {
    return nn::guarded("Reading the networks to begin with",
                       [&]() -> Result<std::vector<std::string>> {
                           std::vector<std::string> notes;
                           STRATA_TRY(fillAll(files, *networks.networks, notes));
                           return notes;
                       });
}

} // namespace strata
