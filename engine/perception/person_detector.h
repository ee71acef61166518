// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/perception/detections.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace strata {

/// BlazePose's person detector (pose_detection.tflite), letterboxed to 224 x 224. It finds people by their faces and
/// upright trunks and misses small ones, so `detectTiled` also looks at overlapping tiles of the frame.
class PersonDetector {
public:
    static Result<PersonDetector> load(const std::filesystem::path& modelFile);
    PersonDetector(PersonDetector&&) noexcept;
    PersonDetector& operator=(PersonDetector&&) noexcept;
    ~PersonDetector();

    /// People after non-maximum suppression, best first. `rgb` has three channels.
    Result<std::vector<PersonDetection>> detect(const ImageU8& rgb, float minScore = 0.5f);
    /// As detect(), over the frame and over tiles of it; for small people. Several times slower.
    Result<std::vector<PersonDetection>> detectTiled(const ImageU8& rgb, float minScore = 0.5f);

private:
    struct Impl;
    explicit PersonDetector(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
