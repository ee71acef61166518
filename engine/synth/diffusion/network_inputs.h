// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/synth/diffusion/frame_stack.h"

namespace strata {

/// The size that the networks work at for a wanted one: multiples of 8, rounded down.
constexpr Size networkSize(Size wanted) { return {wanted.width / 8 * 8, wanted.height / 8 * 8}; }

/// RGB pictures as planes of the given size, resized by Lanczos. For the VAE values are -1..1, for
/// the pose guider 0..1. One frame each.
FrameStack vaePicture(const ImageU8& rgb, Size size);
FrameStack posePicture(const ImageU8& rgb, Size size);

/// The picture for the CLIP tower: 224 x 224 by bicubic, the mean and spread of CLIP's training
/// pictures taken out. Sides need not be equal, but then the picture is distorted.
FrameStack clipPicture(const ImageU8& rgb);

/// The person on white: alpha blended with truncation, cut to the person with 5 % margin above and
/// below, padded with white to a square. NothingToDo when the matte is empty. rgba: straight alpha.
Result<ImageU8> referencePicture(const ImageU8& rgba);

/// What an occluder's layer shows: the picture where the matte is, blended into black. Black all
/// over stands for nothing in front. matte: one channel, of the picture's size.
ImageU8 layerOnBlack(const ImageU8& rgb, const ImageU8& matte);

/// Two steps of referencePicture(): the blend with white, and the box around what is not 0 in
/// `matte`.
ImageU8 onWhite(const ImageU8& rgba);
RectI personCrop(const ImageU8& matte);

} // namespace strata
