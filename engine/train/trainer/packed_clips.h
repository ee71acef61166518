// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/trainer/training_source.h"

#include <filesystem>
#include <vector>

namespace strata {

/// Writes a clip as one safetensors file that holds TrainingClip's members under their names.
Status writePackedClip(const std::filesystem::path& path, const TrainingClip& clip);
/// The tensors are views of the mapped file.
Result<TrainingClip> readPackedClip(const std::filesystem::path& path);

/// A folder of packed clips. Each round shows all of them, in an order of its own; from a longer
/// clip a random part is cut, a shorter one is played forth and back.
class PackedClips final : public TrainingSource {
public:
    /// NothingToDo when the folder holds no .safetensors file.
    static Result<std::unique_ptr<PackedClips>> open(const std::filesystem::path& folder);

    std::size_t count() const { return m_files.size(); }
    Result<TrainingClip> clip(std::uint64_t seed, std::uint64_t index, int frames) override;
    bool repeats() const override { return true; }

private:
    std::vector<std::filesystem::path> m_files;
};

/// The frames of `clip` from `first` on, forth and back when it is too short.
TrainingClip partOf(const TrainingClip& clip, std::int64_t first, int frames);

} // namespace strata
