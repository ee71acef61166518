// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <torch/types.h>

#include <cstdint>
#include <span>

namespace strata {

/// One clip to learn from, on the CPU; pictures as sRGB levels. A member that the training does not
/// need may be undefined.
struct TrainingClip {
    torch::Tensor frames;   // u8 [F, H, W, 3]; sides are multiples of 8
    torch::Tensor scene;    // the same without person and what is in front
    torch::Tensor occluder; // the same, what is in front, on black
    torch::Tensor sketch;   // the same, as the mesh synthesiser draws them from the identity
    torch::Tensor alpha;    // u8 [F, H, W] the person, as far as it is seen
    torch::Tensor vertices; // f32 [F, V, 3] of the body in the camera's frame, metres
    torch::Tensor cameras;  // f32 [F, 4] fx, fy, cx, cy in pixels
    torch::Tensor motion;   // u8 [F, H, W, C] pictures of a fixed motion code
    torch::Tensor identity; // u8 [h, w, 3] the person alone on white, in the A-pose
    torch::Tensor posed;    // the same, in another pose
    torch::Tensor opening;  // u8 [h, w, 3] the first frame of the whole clip
};

/// BadFormat when a member that is there does not fit the frames.
Status check(const TrainingClip& clip, const std::string& name);

/// Where clips come from: as many as are asked for, each always the same for the same number. The
/// place in the data is therefore known from the step alone. Called from several threads.
class TrainingSource {
public:
    virtual ~TrainingSource() = default;
    /// The clip number `index` of the endless row that `seed` begins, of exactly `frames` frames.
    virtual Result<TrainingClip> clip(std::uint64_t seed, std::uint64_t index, int frames) = 0;
    /// Whether the row shows the same pictures again and again.
    virtual bool repeats() const { return false; }
};

/// A number that two others decide, with no visible connection between neighbours.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t index);

/// Draws the clips of the next step while this one is computed, each in a thread of its own.
class ClipPrefetcher {
public:
    explicit ClipPrefetcher(TrainingSource& source, std::uint64_t seed, int frames);
    ~ClipPrefetcher(); // waits for those that have begun

    /// Begins with these, if they are not there yet.
    void begin(std::span<const std::uint64_t> indices);
    Result<TrainingClip> take(std::uint64_t index);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
