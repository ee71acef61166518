// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/pipeline/template_config.h"

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
constexpr const char* kAlpha = "alpha.mkv";
constexpr const char* kSoftOccluder = "occluder.mkv";
constexpr const char* kDepth = "depth.mkv";
constexpr const char* kPerson = "person.npz";
constexpr const char* kCamera = "camera.npz";
constexpr const char* kPeople = "people.json";
} // namespace template_files

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
