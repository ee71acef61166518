// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/job_context.h"
#include "engine/eval/person_score.h"

#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace strata {

/// How the people of held-out clips are drawn again.
struct HeldOutClips {
    /// A folder of exported networks or a checkpoint of a training (its averaged weights); empty:
    /// only what needs none is drawn.
    std::filesystem::path networks;
    std::filesystem::path assets, body; // as for a training
    std::filesystem::path encoder;      // the image encoder, for networks with tokens and features
    int side = 192, clips = 100, frames = 24;
    int steps = 1;       // of sampling
    double guidance = 1; // 1: the identity is not stressed
    std::string device = "cpu";
};

/// Who draws: nobody (the plate with what is in front), the mesh synthesiser with the true motion
/// and the A-pose picture, the picture coder sending the true frames to latents and back (as
/// corrections of the mesh synthesiser's where the generator works so: what it cannot exceed), and
/// the generator.
enum class Drawer { Plate, Mesh, Coder, Generator };
inline constexpr std::array kDrawerNames{"plate", "mesh", "coder", "generator"}; // by Drawer

struct HeldOutClip {
    int number = 0;
    TrueClip truth;
    ImageU8 identity;                                             // the A-pose picture
    std::array<std::vector<ImageU8>, kDrawerNames.size()> frames; // by Drawer; some empty
};

using HeldOutSink = std::function<Status(const HeldOutClip&)>;

/// Draws clips of characters, motions and places that no training sees, always the same ones, one
/// after the other.
Status drawHeldOutClips(const HeldOutClips& wanted, const HeldOutSink& sink, const JobContext& job);

} // namespace strata
