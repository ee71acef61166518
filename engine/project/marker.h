// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/ids.h"
#include "engine/project/label_color.h"

#include <string>

namespace strata {

/// A named place on the timeline.
struct Marker {
    MarkerId id{};
    std::int64_t frame = 0; // of the clip
    std::string name;       // UTF-8; may be empty
    LabelColor color;
    bool operator==(const Marker&) const = default;
};

} // namespace strata
