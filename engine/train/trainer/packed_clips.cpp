// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/packed_clips.h"

#include "engine/formats/safetensors.h"
#include "engine/nn/guard.h"
#include "engine/weights/tensor_map.h"

#include <algorithm>
#include <array>

namespace strata {
namespace {
namespace fs = std::filesystem;

struct Member {
    const char* name;
    torch::Tensor TrainingClip::*place;
    bool perFrame;
};

constexpr std::array<Member, 11> kMembers{{{"frames", &TrainingClip::frames, true},
                                           {"scene", &TrainingClip::scene, true},
                                           {"occluder", &TrainingClip::occluder, true},
                                           {"sketch", &TrainingClip::sketch, true},
                                           {"alpha", &TrainingClip::alpha, true},
                                           {"vertices", &TrainingClip::vertices, true},
                                           {"cameras", &TrainingClip::cameras, true},
                                           {"motion", &TrainingClip::motion, true},
                                           {"identity", &TrainingClip::identity, false},
                                           {"posed", &TrainingClip::posed, false},
                                           {"opening", &TrainingClip::opening, false}}};

/// Which of `count` things comes at `place` of a round.
std::size_t shuffled(std::uint64_t seed, std::uint64_t round, std::size_t place,
                     std::size_t count) {
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i)
        order[i] = i;
    for (std::size_t i = count; i > 1; --i) // std::shuffle differs between libraries
        std::swap(order[i - 1], order[mixed(mixed(seed, round), i) % i]);
    return order[place];
}

} // namespace

Status writePackedClip(const fs::path& path, const TrainingClip& clip) {
    STRATA_TRY(check(clip, "The clip for '" + path.filename().string() + "'"));
    ArrayMap arrays;
    for (const auto& member : kMembers)
        if (const auto& tensor = clip.*member.place; tensor.defined()) {
            STRATA_ASSIGN(arrays[member.name], toArray(tensor));
        }
    return writeSafetensors(path, arrays);
}

Result<TrainingClip> readPackedClip(const fs::path& path) {
    STRATA_ASSIGN(const ArrayMap arrays, readSafetensors(path));
    TrainingClip clip;
    for (const auto& member : kMembers)
        if (const auto found = arrays.find(member.name); found != arrays.end()) {
            STRATA_ASSIGN(clip.*member.place, toTensor(found->second, member.name));
        }
    STRATA_TRY(check(clip, "'" + path.filename().string() + "'"));
    return clip;
}

TrainingClip partOf(const TrainingClip& clip, std::int64_t first, int frames) {
    const auto there = clip.frames.size(0);
    std::vector<std::int64_t> taken;
    const auto turn = std::max<std::int64_t>(2 * (there - 1), 1);
    for (int i = 0; i < frames; ++i) {
        const auto at = (first + i) % turn;
        taken.push_back(at < there ? at : turn - at);
    }
    const auto rows = torch::tensor(taken, torch::kInt64);
    TrainingClip out = clip;
    for (const auto& member : kMembers)
        if (auto& tensor = out.*member.place; member.perFrame && tensor.defined())
            tensor = tensor.index_select(0, rows);
    return out;
}

Result<std::unique_ptr<PackedClips>> PackedClips::open(const fs::path& folder) {
    auto clips = std::make_unique<PackedClips>();
    std::error_code failed;
    for (auto place = fs::directory_iterator(folder, failed);
         !failed && place != fs::directory_iterator(); place.increment(failed))
        if (place->path().extension() == ".safetensors")
            clips->m_files.push_back(place->path());
    if (failed)
        return Error{ErrorCode::NotFound, "The folder '" + folder.string() +
                                              "' cannot be read: " + failed.message() + "."};
    if (clips->m_files.empty())
        return Error{ErrorCode::NothingToDo,
                     "The folder '" + folder.string() + "' holds no packed clips (.safetensors)."};
    std::ranges::sort(clips->m_files);
    return clips;
}

Result<TrainingClip> PackedClips::clip(std::uint64_t seed, std::uint64_t index, int frames) {
    const auto count = m_files.size();
    const auto number = shuffled(seed, index / count, std::size_t(index % count), count);
    STRATA_ASSIGN(const TrainingClip whole, readPackedClip(m_files[number]));
    const auto spare = std::max<std::int64_t>(whole.frames.size(0) - frames, 0);
    const auto first = std::int64_t(mixed(~seed, index) % std::uint64_t(spare + 1));
    return nn::guarded("Reading '" + m_files[number].filename().string() + "'",
                       [&]() -> Result<TrainingClip> { return partOf(whole, first, frames); });
}

} // namespace strata
