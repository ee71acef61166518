// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/matte_stroke.h"
#include "engine/core/matte_trim.h"
#include "engine/core/time.h"
#include "engine/pipeline/job_observer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace strata {

/// Which part of which clip, and whom.
struct ClipRequest {
    std::filesystem::path video;      // video, picture, folder of pictures
    std::optional<FrameRange> frames; // of the source; all by default
    std::optional<int> person;  // id as `strata decompose` lists them; the main person by default
    std::filesystem::path body; // SMPL or SMPL-H file; the free body by default
};

struct ExportSettings {
    std::string codec = "h264"; // h264, h265
    double crf = 14;
    std::string preset = "medium";
    bool audio = true;
};

/// Takes a clip apart and writes the layers to a folder.
struct DecomposeRequest {
    ClipRequest clip;
    std::filesystem::path out; // empty: the layers lie in the cache only
    bool overwrite = false;
};

struct DecomposeReport {
    std::filesystem::path out;
    std::int64_t frames = 0;
    int person = -1;
    bool hasOccluder = false; // looked for when a folder is written
    double fitError = 0; // mean distance of projected joints to landmarks / the person's height
    double fitAcceleration = 0; // mean second difference of the joints, metres per second squared
};

/// A diffusion generator draws the person instead of the mesh synthesiser.
struct GenerateSettings {
    /// Ours (assets/models/small) instead of the published one. It is made for ofSmall().
    bool small = false;
    /// Networks of our own that a training wrote, in the place of the bundled ones; a folder.
    std::filesystem::path networks;
    int size = 784; // of the square that the networks see
    int steps = 25;
    double guidance = 3.5;
    // The part of the trajectory that is guided; what is not takes half the time.
    double guideFrom = 0, guideTo = 1;
    bool parity = false; // exactly as published, mistakes included
    std::string device = "cpu";
    std::string precision = "auto"; // float, half (GPU), bfloat16
    /// Is told how the memory is used, and when that changes.
    std::function<void(const std::string&)> told;

    /// Settings for our own generator. It goes out from the mesh synthesiser's frames: more steps
    /// add grain and flicker, and its training drops no identities that guidance could use.
    static GenerateSettings ofSmall() {
        GenerateSettings settings;
        settings.small = true;
        settings.size = 192;
        settings.steps = 1;
        settings.guidance = 1;
        return settings;
    }
};

/// Replaces identity, motion or scene of a clip (any of them) and writes a video.
struct EditRequest {
    ClipRequest clip;
    std::filesystem::path templateFolder; // a MIMO template instead of clip.video
    std::filesystem::path identity;       // picture of a person
    std::filesystem::path motion;         // .bvh, AMASS .npz
    std::filesystem::path scene;          // video or picture
    bool keepOccluder = true;
    bool personInFront = false;         // of the occluder
    MatteTrim personTrim, occluderTrim; // what is left of the layers as they were found
    std::vector<MatteStroke> personStrokes, occluderStrokes; // painted before that
    /// The person is drawn even where it stays who it is and moves as it did.
    bool redraw = false;
    std::uint64_t seed = 42;
    std::optional<GenerateSettings> generate;
    ExportSettings settings;
    std::filesystem::path out;
    /// Contact sheet, optional; while the published generator runs, a draft of its pictures.
    std::filesystem::path preview;
};

struct EditReport {
    std::filesystem::path out;
    std::filesystem::path preview;
    std::int64_t frames = 0;
    std::string note; // a sentence about what could not be kept, such as the sound; mostly empty
};

/// Draws frames of an edit with the mesh synthesiser, whoever draws the final one, as they will
/// come out but for the encoding: frame.png, one chunk of the stage "preview" for each frame.
struct PreviewRequest {
    EditRequest edit; // its files to write are not looked at
    FrameRange show;  // as ClipRequest::frames; of a template counted from 0
};

struct PreviewReport {
    std::vector<std::filesystem::path> pictures;
};

Result<DecomposeReport> runDecompose(const DecomposeRequest& request, const JobContext& context,
                                     const JobObserver& observer = {});
Result<EditReport> runEdit(const EditRequest& request, const JobContext& context,
                           const JobObserver& observer = {});
Result<PreviewReport> runPreview(const PreviewRequest& request, const JobContext& context,
                                 const JobObserver& observer = {});

} // namespace strata
