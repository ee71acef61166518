// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer/checkpoint_store.h"

#include "engine/formats/safetensors.h"

#include <algorithm>
#include <cstdio>

namespace strata {
namespace fs = std::filesystem;

Status CheckpointStore::write(std::int64_t step, const ArrayMap& state) const {
    std::error_code failed;
    fs::create_directories(m_folder, failed);
    if (failed)
        return Error{ErrorCode::Io, "The folder '" + m_folder.string() +
                                        "' cannot be made: " + failed.message() + "."};
    char name[48];
    std::snprintf(name, sizeof name, "step_%010lld.safetensors", static_cast<long long>(step));
    STRATA_TRY(writeSafetensors(m_folder / name, state));
    auto files = all();
    for (std::size_t i = 0; i + std::size_t(m_keep) < files.size(); ++i)
        fs::remove(files[i], failed); // one too many does no harm
    return ok();
}

std::optional<fs::path> CheckpointStore::latest() const {
    const auto files = all();
    return files.empty() ? std::nullopt : std::optional(files.back());
}

std::vector<fs::path> CheckpointStore::all() const {
    std::vector<fs::path> out;
    std::error_code failed;
    for (auto place = fs::directory_iterator(m_folder, failed);
         !failed && place != fs::directory_iterator(); place.increment(failed)) {
        const auto name = place->path().filename().string();
        constexpr std::size_t kDigits = 10;
        if (name.starts_with("step_") && name.ends_with(".safetensors") &&
            name.find_first_not_of("0123456789", 5) == 5 + kDigits)
            out.push_back(place->path());
    }
    std::ranges::sort(out); // steps have leading zeros
    return out;
}

} // namespace strata
