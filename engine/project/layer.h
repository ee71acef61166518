// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/matte_trim.h"
#include "engine/project/ids.h"
#include "engine/project/label_color.h"

#include <optional>
#include <string>

namespace strata {

enum class LayerKind {
    Scene,    // the clean plate, or the scene source
    Person,   // one for each person
    Occluder, // what passes in front
};

struct Layer {
    LayerId id{};
    LayerKind kind = LayerKind::Scene;
    std::optional<PersonId> person; // of a Person layer, always; of the others never
    std::string name;               // UTF-8; empty: named after its kind or its person
    LabelColor color;
    bool visible = true;
    bool solo = false;   // while any layer is, only those that are can be seen
    bool locked = false; // its strokes, trim and opacity cannot be changed
    double opacity = 1;  // 0..1
    MatteTrim trim;      // of the whole clip, after the strokes
    bool operator==(const Layer&) const = default;
};

} // namespace strata
