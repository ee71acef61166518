// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/job_context.h"
#include "engine/decompose/scene/camera_path.h"
#include "engine/formats/array.h"

#include <functional>
#include <memory>

namespace strata {

/// Fills hole (> 127) in rgb; Inpainter::inpaint has this form.
using HoleFiller = std::function<Result<ImageU8>(const ImageU8& rgb, const ImageU8& hole)>;

/// What the plate is made from, all of one size and length; must outlive the builder. Read at the
/// asked frame and at a bounded set of frames round it.
struct PlateInputs {
    ColorSource* rgb = nullptr;
    /// Alpha of everyone to be removed.
    MaskSource* people = nullptr;
    /// Alpha of what is in front: stays as it is, gives no background; optional.
    MaskSource* occluder = nullptr;
    const CameraPath* camera = nullptr;
    /// For what no frame ever shows; when empty a plain diffusion fill is used.
    HoleFiller inpaint;
    /// The expected body: gives no background even where a matte missed it; optional.
    MaskSource* silhouette = nullptr;
};

struct PlateOptions {
    /// Clean frames are made at most this far apart, nearer when the camera moves.
    int anchorSpacing = 24;
    int nearReach = 60;     // frames looked at for background, both ways …
    int nearStride = 6;     // … this far apart
    int farReach = 960;     // sparse look further ahead for what is still unknown
    float margin = 0.006f;  // the people mask grows by this share of the frame's longer side …
    float feather = 0.004f; // … and fades to the source over this share more
};

/// Clean plate: the clip without the people. Outside the grown mask a frame equals the source
/// exactly. Sequential: frames are asked in rising order without gaps, the first one being any;
/// memory is a few frames.
class PlateBuilder {
public:
    static Result<PlateBuilder> create(PlateInputs inputs, PlateOptions options = {});
    PlateBuilder(PlateBuilder&&) noexcept;
    PlateBuilder& operator=(PlateBuilder&&) noexcept;
    ~PlateBuilder();

    /// rgb [H, W, 3].
    Result<ImageU8> next(std::int64_t index, const JobContext& job);

    ArrayMap saveState() const;
    /// Goes on exactly where the saved builder was. On an error this object stays as it was.
    Status restoreState(const ArrayMap& state);

private:
    struct Impl;
    explicit PlateBuilder(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
