// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/synth/human_layer.h"

#include <cstdint>

namespace strata {

enum class Transfer { Srgb, Bt709 };

struct CompositeOptions {
    Transfer transfer = Transfer::Srgb; // how the images' values are encoded
    int oldPersonMargin =
        3; // px by which the old person's matte is widened, so that nothing of it stays
    float oldPersonFeather =
        2.f; // px over which the plate goes over into the source outside of that
    bool replaceScene =
        false; // the plate is another scene: the source is seen nowhere except as occluder
    bool humanInFront = false; // the new person is in front of the occluder too
    float grain =
        0.f; // standard deviation of noise on the new person, in units of the encoded 0..1 range
    std::uint32_t seed = 0;
};

/// The layers of one frame; all of the frame's size. Null pointers stand for layers that are not
/// there.
template <typename T>
struct CompositeLayers {
    const Image<T>* source = nullptr;   // the clip's frame, RGB
    const Image<T>* plate = nullptr;    // the scene without the old person, RGB
    const ImageU8* oldPerson = nullptr; // matte of the person who leaves, 0..255
    const HumanLayer* human = nullptr;  // the person who comes
    const ImageU8* occluder =
        nullptr; // matte of what stands in front, 0..255; its colours are the source's
};

/// Puts the layers together in linear light: plate, shadow, human, occluder (the last two the other
/// way round where the human is in front). Pixels that no layer changes (the old person's widened
/// matte, the new person and its shadow are all 0 there) are the source's, bit for bit. In 16-bit
/// images 65535 is full scale. ShapeMismatch when sizes differ.
Result<ImageU8> composite(const CompositeLayers<std::uint8_t>& layers,
                          const CompositeOptions& options = {});
Result<ImageU16> composite(const CompositeLayers<std::uint16_t>& layers,
                           const CompositeOptions& options = {});

/// Encoded 0..1 to linear light and back.
float toLinear(float encoded, Transfer transfer);
float fromLinear(float linear, Transfer transfer);

} // namespace strata
