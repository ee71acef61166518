// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/synth/diffusion/frame_stack.h"
#include "engine/synth/diffusion/roi_clips.h"
#include "engine/synth/diffusion/square_pad.h"

#include <span>
#include <vector>

namespace strata {

/// Planes [3, H, W] of values 0..1 as an 8-bit picture, truncated as the published code does.
ImageU8 truncatedPicture(std::span<const float> planes, Size size);

/// The network's square picture brought back to the crop that it was made from.
ImageU8 withoutPadding(const ImageU8& picture, const SquarePad& pad);

/// The published way from the network's pictures to frames (mimo-spec 1.11), to the bit: values as
/// they are encoded, cut off instead of rounded, clips cross-faded over fixed steps.
class ReleaseComposite {
public:
    struct Layers {
        const ImageU8* background = nullptr; // RGB, of the frame's size
        const ImageU8* video = nullptr;      // RGB; needed where there is an occluder
        const ImageU8* occluder = nullptr;   // its first channel counts; may be null
    };

    /// Sixteen masks in the order of maskNames(), 0..1, one channel, any size; `overlap` is that of
    /// RoiConfig.
    ReleaseComposite(Size frame, std::vector<ImageF> masks, int overlap = 4);

    /// One generated frame of a clip, laid over the layers. `index` counts the video's frames,
    /// `before` is what an earlier clip gave for it, null if none did. ShapeMismatch when sizes do
    /// not fit.
    Result<ImageU8> frame(const ImageU8& picture, const RoiClip& clip, std::int64_t index,
                          const Layers& layers, const ImageU8* before) const;

private:
    Status check(const RectI& box, const Layers& layers, const ImageU8* before) const;
    ImageF maskFor(const RoiClip& clip, const RectI& box) const;

    Size m_frame;
    std::vector<ImageF> m_masks;
    int m_overlap;
};

} // namespace strata
