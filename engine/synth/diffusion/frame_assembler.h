// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/result.h"
#include "engine/synth/diffusion/clip_composite.h"
#include "engine/synth/diffusion/release_composite.h"

#include <memory>
#include <vector>

namespace strata {

/// The layers that generated frames are put between; all of one size and length. Null pointers
/// stand for layers that are not there.
struct AssemblyLayers {
    ColorSource* scene = nullptr;    // RGB; must be there, but for animation
    ColorSource* video = nullptr;    // RGB; needed with occluder or oldPerson
    MaskSource* occluder = nullptr;  // what stands in front, in the video's colours
    MaskSource* oldPerson = nullptr; // ours only: outside of it the video's pixels stay
    bool humanInFront = false;       // ours only: of the occluder
};

/// Takes the network's pictures clip by clip and gives whole frames in rising order. Holds only the
/// frames that a later clip repeats.
class FrameAssembler {
public:
    virtual ~FrameAssembler() = default;
    /// `planes`: [3, side, side], 0..1, of frame `index` in `clip`.
    virtual Status add(const RoiClip& clip, std::int64_t index, std::span<const float> planes,
                       int side) = 0;
    /// No later clip will touch frames before `index`: writes them.
    virtual Status flushBefore(std::int64_t index) = 0;
};

/// In linear light, with cross-fades over the frames that clips really share.
std::unique_ptr<FrameAssembler> makeAssembler(const AssemblyLayers& layers, ColorSink& out,
                                              const PieceLayerOptions& options = {});
/// Sketches of whole frames, RGB of the layers' size, corrected: `planes` are what is to be added
/// to them, in sRGB of 0..1, which fades out towards the boxes' borders. What stands in front stays
/// as it is in the sketch. Details of the sketch are kept, however small the networks' pictures
/// are.
std::unique_ptr<FrameAssembler> makeCorrectingAssembler(const AssemblyLayers& layers,
                                                        ColorSource& sketch, ColorSink& out,
                                                        const PieceLayerOptions& options = {});
std::unique_ptr<FrameAssembler> makeCorrectingAssembler(const AssemblyLayers& layers,
                                                        DeepColorSource& sketch, DeepColorSink& out,
                                                        const PieceLayerOptions& options = {});
/// As the published system; see ReleaseComposite.
std::unique_ptr<FrameAssembler> makeReleaseAssembler(const AssemblyLayers& layers, ColorSink& out,
                                                     std::vector<ImageF> masks, int overlap);
/// The network's pictures as they are, truncated to bytes: the published animation mode.
std::unique_ptr<FrameAssembler> makePictureAssembler(ColorSink& out);

} // namespace strata
