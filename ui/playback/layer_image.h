// SPDX-License-Identifier: Apache-2.0
// Internal to ui/playback.
#pragma once

#include "ui/playback/frame_layers.h"

namespace strata::ui {

/// One layer of one frame, in the one member that the layer uses. All null: it could not be read.
struct LayerImage {
    std::shared_ptr<const ImageU8> u8;
    std::shared_ptr<const ImageU16> u16;
    std::shared_ptr<const BodyFrame> body;

    std::size_t bytes() const {
        return sizeof(LayerImage) + (u8 ? u8->bytes() : 0) + (u16 ? u16->bytes() : 0) +
               (body ? sizeof(BodyFrame) + body->vertices.size() * sizeof(glm::vec3) : 0);
    }
};

} // namespace strata::ui
