// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/clip.h"
#include "engine/synth/diffusion/frame_stack.h"

namespace strata {

/// Source and result side by side for frames spread over the clip, as one picture.
Status writePreviewSheet(const std::filesystem::path& sheet, Clip& source,
                         const std::filesystem::path& result);

/// How a generator's pictures (0..1) of these frames look by now, as one picture.
Status writeDraftSheet(const std::filesystem::path& sheet, const FrameStack& pictures,
                       const std::vector<int>& frames);

} // namespace strata
