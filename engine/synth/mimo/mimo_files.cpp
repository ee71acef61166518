// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/mimo/mimo_files.h"

#include "engine/formats/checkpoint.h"
#include "engine/weights/checkpoint_names.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace strata {
namespace fs = std::filesystem;
namespace {

constexpr int kDeepest = 2; // folders below the given one
constexpr std::string_view kMotionKey =
    "down_blocks.0.motion_modules.0.temporal_transformer.norm.weight";

struct Role {
    fs::path MimoFiles::*file;
    const char* name;
    bool optional = false;
};

constexpr std::array<Role, 6> kRoles{{{&MimoFiles::vae, "picture coder (VAE)"},
                                      {&MimoFiles::clip, "CLIP image encoder"},
                                      {&MimoFiles::pose, "pose guider"},
                                      {&MimoFiles::reference, "reference network"},
                                      {&MimoFiles::denoiser, "denoising network"},
                                      {&MimoFiles::motion, "motion modules", true}}};

bool has(const ArrayMap& tensors, std::string_view key) {
    return tensors.contains(prefixBefore(tensors, key).append(key));
}

/// Null for a checkpoint of something else.
const Role* roleOf(const ArrayMap& tensors) {
    if (has(tensors, "quant_conv.weight"))
        return &kRoles[0];
    if (has(tensors, "visual_projection.weight"))
        return &kRoles[1];
    if (has(tensors, "blocks.0.weight") && has(tensors, "conv_out.weight"))
        return &kRoles[2];
    if (has(tensors, "time_embedding.linear_1.weight"))
        return has(tensors, "conv_out.weight") ? &kRoles[4] : &kRoles[3];
    return has(tensors, kMotionKey) ? &kRoles[5] : nullptr;
}

bool mayBeCheckpoint(const fs::path& file) {
    static const std::set<std::string> kNames{".pth",  ".pt",          ".bin",
                                              ".ckpt", ".safetensors", ".npz"};
    return kNames.contains(file.extension().string());
}

/// In the order of their names, so that messages do not depend on the file system.
Result<std::vector<fs::path>> candidates(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (fs::recursive_directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        if (it.depth() >= kDeepest)
            it.disable_recursion_pending();
        std::error_code ignored;
        if (mayBeCheckpoint(it->path()) && it->is_regular_file(ignored))
            files.push_back(it->path());
    }
    if (failed)
        return Error{ErrorCode::NotFound, "The folder '" + folder.string() +
                                              "' cannot be read: " + failed.message() + "."};
    std::ranges::sort(files);
    return files;
}

} // namespace

Result<MimoFiles> mimoFilesIn(const fs::path& folder) {
    STRATA_ASSIGN(const auto files, candidates(folder));
    MimoFiles found;
    for (const auto& file : files) {
        STRATA_ASSIGN(const ArrayMap tensors, readCheckpoint(file));
        const Role* role = roleOf(tensors);
        if (!role)
            continue;
        auto& place = found.*role->file;
        if (!place.empty())
            return Error{ErrorCode::Usage, "Both '" + place.string() + "' and '" + file.string() +
                                               "' hold a " + role->name +
                                               "; keep one of them in the folder."};
        place = file;
    }
    for (const Role& role : kRoles)
        if (!role.optional && (found.*role.file).empty())
            return Error{ErrorCode::NotFound,
                         "No file in '" + folder.string() + "' holds the " + role.name + "."};
    return found;
}

} // namespace strata
