// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/rendered_clip.h"

#include <filesystem>

namespace strata::cli {

/// Writes a drawn clip as a template folder (mimo-spec 1.2) with Strata's layers, and the truth
/// besides: scene.mkv without anything in front, canonical.png, reference_N.png. The folder appears
/// complete or not at all.
Status writeRenderedTemplate(const RenderedClip& clip, const BodyModel& body,
                             const std::filesystem::path& folder);

} // namespace strata::cli
