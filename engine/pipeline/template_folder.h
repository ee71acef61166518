// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/core/time.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace strata {

/// The names in a MIMO template folder (mimo-spec 1.2) and of what Strata adds to it.
namespace template_files {
constexpr const char* kVideo = "vid.mp4";
constexpr const char* kMask = "mask.mp4";
constexpr const char* kMotionCode = "sdc.mp4";
constexpr const char* kBackground = "bk.mp4";
constexpr const char* kOccluder = "occ.mp4";
constexpr const char* kBoxes = "bbox.npy";
constexpr const char* kConfig = "config.json";
constexpr const char* kAlpha = "alpha.mkv";
constexpr const char* kSoftOccluder = "occluder.mkv";
constexpr const char* kDepth = "depth.mkv";
constexpr const char* kPerson = "person.npz";
constexpr const char* kCamera = "camera.npz";
constexpr const char* kPeople = "people.json";
} // namespace template_files

/// config.json. time_crop counts frames at 30 a second, its end excluded.
struct TemplateConfig {
    int fps = 30;
    std::int64_t startIndex = 0;
    std::int64_t endIndex = 0;      // 0: to the end
    std::int64_t portraitFrame = 0; // ours: where the person is seen best
};

Result<TemplateConfig> readTemplateConfig(const std::filesystem::path& folder);
Status writeTemplateConfig(const std::filesystem::path& folder, const TemplateConfig& config);

/// The frames of a stream of `count` frames at `rate` that the template shows.
std::vector<std::int64_t> templateFrames(const TemplateConfig& config, std::int64_t count,
                                         Rational rate);

/// One box per frame, x0 y0 x1 y1 in pixels; zeros when the person is not there.
struct TemplateBox {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

/// bbox.npy as the published tools read it: a pickled object array of one dict per frame with bbox
/// (1, 4) and score (1, 1), both float64.
Status writeTemplateBoxes(const std::filesystem::path& file, const std::vector<TemplateBox>& boxes);

} // namespace strata
