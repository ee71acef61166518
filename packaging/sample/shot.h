// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/train/render/dressed_person.h"
#include "engine/train/render/renderer.h"

#include <functional>

namespace strata::sample {

/// The recorded walk turned to run along +x through the origin with its lowest sole on the ground,
/// at `fps`, with the camera of every frame.
Motion stageWalk(const Motion& recorded, const ShapedBody& body, Rational fps, int frames,
                 Size size);

/// Pictures of one frame of the clip.
struct ShotFrame {
    ImageU8 picture;  // RGB with film grain
    ImageU8 plate;    // the same without the walker and the walker's shadow, without grain
    ImageU8 human;    // one channel, 0..255
    ImageU8 occluder; // one channel
    ImageF depth;     // metres, nearest sample of each pixel
};

ShotFrame renderShot(const Scene& street, const DressedPerson& walker, const BodyPose& pose,
                     const Camera& camera, int frame, int samplesPerSide);

/// A full-length picture of a person at ease.
ImageU8 renderIdentity(const DressedPerson& person, const Scene& place, Size size,
                       int samplesPerSide, float turn, std::int32_t seed);

} // namespace strata::sample
