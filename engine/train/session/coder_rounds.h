// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/job_context.h"

#include <array>
#include <filesystem>
#include <functional>

namespace strata {

/// What a picture coder is asked to carry.
struct CoderRounds {
    /// A folder of exported networks or a checkpoint of a training (its averaged weights).
    std::filesystem::path from;
    std::filesystem::path assets, body; // as for a training
    int side = 192, clips = 40;         // held out, always the same ones
    std::string device = "cpu";
};

enum class RoundKind { Frame, Scene, Identity };
inline constexpr std::array kRoundNames{"frames", "scenes", "identities"}; // by RoundKind

/// One picture and what came back from its latent.
using RoundSink = std::function<Status(RoundKind, const ImageU8& given, const ImageU8& back)>;

/// Sends pictures of held-out rendered clips to latents and back: of each clip the frame, the scene
/// behind it and the person's picture.
Status codeAndDecode(const CoderRounds& rounds, const RoundSink& sink, const JobContext& job);

} // namespace strata
