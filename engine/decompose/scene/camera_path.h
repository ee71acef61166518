// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/decompose/scene/homography.h"
#include "engine/formats/array.h"

#include <cstdint>
#include <vector>

namespace strata {

/// How the background moved between a frame and the one before it.
struct CameraStep {
    Homography toPrevious;  // pixel of this frame -> pixel of the previous frame; exactly identity
                            // when static
    float confidence = 1.f; // 0 = guessed (no background to track), 1 = many points agree
    bool isCut = false;     // a new shot begins here: toPrevious is identity and means nothing

    bool operator==(const CameraStep&) const = default;
};

/// The camera of a whole clip as maps between its frames: 80 bytes a frame.
class CameraPath {
public:
    CameraPath() = default;
    explicit CameraPath(std::vector<CameraStep> steps);

    std::int64_t frameCount() const { return std::int64_t(m_steps.size()); }
    const CameraStep& step(std::int64_t frame) const { return m_steps[std::size_t(frame)]; }
    void append(const CameraStep& step) { m_steps.push_back(step); }

    /// Pixel of frame `from` -> pixel of frame `to`, along the chain of steps. Identity across a
    /// cut: ask first.
    Homography between(std::int64_t from, std::int64_t to) const;
    /// Whether both frames belong to one shot.
    bool sameShot(std::int64_t a, std::int64_t b) const;

    /// "to_previous" [N, 3, 3] float64, "confidence" [N] float32, "cut" [N] uint8.
    ArrayMap pack() const;
    static Result<CameraPath> unpack(const ArrayMap& arrays, const std::string& file);

private:
    std::vector<CameraStep> m_steps;
};

} // namespace strata
