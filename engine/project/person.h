// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"
#include "engine/project/ids.h"
#include "engine/project/label_color.h"

#include <optional>
#include <string>
#include <vector>

namespace strata {

/// What replaces a person's look and movement; nothing: the clip's own stays.
struct PersonSources {
    std::optional<MediaId> identity; // a Picture or a Clip
    std::optional<MediaId> motion;   // a Motion, a Clip or a Template
    bool empty() const { return !identity && !motion; }
    bool operator==(const PersonSources&) const = default;
};

/// Somebody in the clip. Where seen and the portrait come from the decomposition, the rest from the
/// user.
struct Person {
    PersonId id{};
    std::vector<FrameRange> tracks; // frames with the person, ascending and apart; empty when the
                                    // last decomposition did not find the person again
    std::int64_t portraitFrame = 0; // where the person is seen largest and best
    std::string name;               // UTF-8; empty: shown as "Person N"
    LabelColor color;
    PersonSources sources;
    bool operator==(const Person&) const = default;
};

} // namespace strata
