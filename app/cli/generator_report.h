// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/session/held_out_clips.h"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace strata::cli {

/// What `strata eval generator` found out, as text, numbers and a page.
class GeneratorReport {
public:
    explicit GeneratorReport(std::vector<PictureDistance> distances);

    Status add(const HeldOutClip& clip);

    std::string table() const;
    std::string json(const HeldOutClips& asked) const;
    /// The page, and the numbers beside it with the extension .json.
    Status write(const std::filesystem::path& page, const HeldOutClips& asked) const;

private:
    static constexpr std::size_t kDrawers = kDrawerNames.size();

    std::vector<std::string> columns() const;
    std::vector<std::vector<std::string>> rows() const;

    std::vector<PictureDistance> m_distances;
    std::array<PersonScore, kDrawers> m_scores;
    SteadinessScore m_truth;
    std::array<std::vector<double>, kDrawers> m_psnr; // of each clip
    std::vector<std::vector<ImageU8>> m_shown;        // rows: identity, truth, each drawer
};

} // namespace strata::cli
