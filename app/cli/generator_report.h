// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/session/held_out_clips.h"
#include "engine/train/session/video_distance.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace strata::cli {

/// What `strata eval generator` found out, as text, numbers and a page.
class GeneratorReport {
public:
    explicit GeneratorReport(std::vector<PictureDistance> distances,
                             std::optional<ClipFeatures> features = {});

    Status add(const HeldOutClip& clip);

    /// To be called after the last clip: compares the sets of clips.
    Status finish();

    std::string table() const;
    std::string json(const HeldOutClips& asked) const;
    /// The page, and the numbers beside it with the extension .json.
    Status write(const std::filesystem::path& page, const HeldOutClips& asked) const;

private:
    struct Drawer {
        std::string name;
        PersonScore score;
        std::vector<double> psnr; // of each clip
        std::vector<std::vector<float>> features;
        double setDistance = 0;
    };

    std::vector<std::string> columns() const;
    std::vector<std::vector<std::string>> rows() const;

    std::vector<PictureDistance> m_distances;
    std::optional<ClipFeatures> m_features;
    std::vector<std::vector<float>> m_trueFeatures;
    std::vector<Drawer> m_drawers;
    SteadinessScore m_truth;
    std::vector<std::vector<ImageU8>> m_shown; // rows: identity, truth, each drawer
};

} // namespace strata::cli
