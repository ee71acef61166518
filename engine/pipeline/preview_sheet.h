// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/clip.h"

namespace strata {

/// Source and result side by side for frames spread over the clip, as one picture.
Status writePreviewSheet(const std::filesystem::path& sheet, Clip& source,
                         const std::filesystem::path& result);

} // namespace strata
