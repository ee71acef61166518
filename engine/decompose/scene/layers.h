// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/job_context.h"
#include "engine/decompose/scene/camera_path.h"

#include <memory>

namespace strata {

/// What the split looks at, all of one size and length. The optional ones may be null. Sources and
/// camera must outlive the splitter; they are read near the asked frame only.
struct LayerInputs {
    ColorSource* rgb = nullptr;
    MaskSource* human = nullptr;  // alpha of the person
    DepthSource* depth = nullptr; // aligned inverse depth, larger = nearer; optional
    /// The whole expected body, also where it is covered (amodal); optional.
    MaskSource* silhouette = nullptr;
    /// Part of the body per pixel: 0 = none, 1.. = SMPL joint + 1; optional.
    MaskSource* bodyParts = nullptr;
    MaskSource* otherPeople = nullptr; // alpha of everyone else; optional
    const CameraPath* camera = nullptr;
};

struct LayerOptions {
    int workSide = 640; // evidence is collected with the longer side reduced to this
    /// One model of the person's and the background's look serves this many frames.
    int blockFrames = 48;
    /// Its samples are this many frames apart and reach half a block further both ways.
    int sampleStride = 6;
    /// Share of the frame's depth range by which an occluder must be nearer.
    float nearMargin = 0.06f;
    float minAreaShare = 0.004f; // smallest occluder, as a share of the body's area
};

/// Alphas of one frame [H, W, 1]; they never add up to more than 255.
struct LayerFrame {
    ImageU8 human;
    ImageU8 occluder;
};

/// Finds what stands, lies or flies in front of the person: nearer by depth, or a thing that looks
/// neither like the body part expected there nor like the background. What it returns for a frame
/// depends on the inputs near that frame and on nothing else, so frames may be asked in any order;
/// rising order is fastest.
class LayerSplitter {
public:
    static Result<LayerSplitter> create(const LayerInputs& inputs, LayerOptions options = {});
    LayerSplitter(LayerSplitter&&) noexcept;
    LayerSplitter& operator=(LayerSplitter&&) noexcept;
    ~LayerSplitter();

    Result<LayerFrame> split(std::int64_t index, const JobContext& job);

private:
    struct Impl;
    explicit LayerSplitter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
