// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/job_context.h"
#include "engine/eval/person_score.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace strata {

/// How the people of held-out clips are drawn again.
struct HeldOutClips {
    /// Folders of exported networks or checkpoints of trainings (their averaged weights); none:
    /// only what needs none is drawn.
    std::vector<std::filesystem::path> networks;
    std::filesystem::path assets, body; // as for a training
    std::filesystem::path encoder;      // the image encoder, for networks with tokens and features
    int side = 192, clips = 100, frames = 24;
    int first = 0; // number of the first clip: several can share a long evaluation
    int steps = 1;       // of sampling
    double guidance = 1; // 1: the identity is not stressed
    std::string device = "cpu";
};

struct DrawnPerson {
    std::string by;
    std::vector<ImageU8> frames;
};

/// Drawn by, in this order: "plate", nobody but what is in front; "mesh", the mesh synthesiser with
/// the true motion and the A-pose picture; "coder", the first networks' picture coder, which sends
/// the true frames to latents and back (as corrections of the mesh synthesiser's where the
/// generator works so: what it cannot exceed); and the networks, "generator" where there is one
/// only, else by the names of their folders. The same for every clip.
struct HeldOutClip {
    int number = 0;
    TrueClip truth;
    ImageU8 identity; // the A-pose picture
    std::vector<DrawnPerson> drawn;
};

using HeldOutSink = std::function<Status(const HeldOutClip&)>;

/// Draws clips of characters, motions and places that no training sees, always the same ones, one
/// after the other.
Status drawHeldOutClips(const HeldOutClips& wanted, const HeldOutSink& sink, const JobContext& job);

} // namespace strata
