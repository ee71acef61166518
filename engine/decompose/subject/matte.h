// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/job_context.h"
#include "engine/decompose/subject/people.h"
#include "engine/decompose/subject/plate_cue.h"

#include <functional>
#include <memory>

namespace strata {

struct MatteOptions {
    int networkSide = 384; // shorter side of the crop inside the matting network
};

/// A person's matte in one frame.
struct PersonMatte {
    ImageU8 alpha;        // [H, W, 1] of the frame's size; 255 = the person
    float confidence = 0; // 0..1, agreement of the sources; 0 when the person is not there
};

/// What else is known of a frame; each may be missing.
struct MatteCues {
    /// Of the same frame: takes away people and things that stand still behind.
    const PlateEvidence* plate = nullptr;
    /// Inverse depth [H, W, 1] of any scale, larger = nearer: takes away what is clearly behind.
    const ImageU16* depth = nullptr;
};

/// The matting network: rgb [h, w, 3] and the side to work at -> alpha [h, w, 1], 0..1.
/// Matting::alpha fits.
using MattingFunction = std::function<Result<ImageF>(const ImageU8& rgb, int networkSide)>;

/// Mattes of one person through a clip, frame by frame: MODNet on the crop gives the edges;
/// BlazePose's body mask, the colours of the person and of the surroundings, the matte of the frame
/// before carried along the optical flow, and the cues say which of what MODNet marks is this
/// person. Sequential, with exact state like PeopleTracker's; steady it afterwards with
/// MatteSmoothing.
class SubjectMatte {
public:
    SubjectMatte(MattingFunction matting, int personId, MatteOptions options = {});
    SubjectMatte(SubjectMatte&&) noexcept;
    ~SubjectMatte();

    /// `people` of the same frame.
    Result<PersonMatte> process(std::int64_t index, const ImageU8& rgb, const PeopleFrame& people,
                                const MatteCues& cues = {}, const JobContext& context = {});

    ArrayMap saveState() const;
    Status restoreState(const ArrayMap& state);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
