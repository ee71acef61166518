// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/matte_stroke.h"
#include "engine/core/matte_trim.h"
#include "engine/core/result.h"
#include "engine/core/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The messages between an editor and `strata worker`. Numbers of frames are always those of the
/// source file, counted from 0; paths are absolute, in UTF-8.
namespace strata::protocol {

/// Both sides must have the same. Raised when a message changes its meaning or loses a field.
inline constexpr int kVersion = 1;

/// Chosen by whoever asks, 1 to kMaxId, one for each request of a connection; 0: none.
using JobId = std::uint64_t;
inline constexpr JobId kMaxId = (JobId(1) << 53) - 1; // exact in every JSON reader

// ---- from the editor ----

/// Which part of which clip, and whom.
struct ClipChoice {
    std::string video;                // video, picture, folder of pictures
    std::optional<FrameRange> frames; // all by default
    std::optional<int> person;        // the main person by default
    std::string body;                 // SMPL or SMPL-H file; empty: the free body
    bool operator==(const ClipChoice&) const = default;
};

struct ExportChoice {
    std::string codec = "h264"; // h264, h265
    double crf = 14;            // 0 to 51
    std::string preset = "medium";
    bool audio = true;
    bool operator==(const ExportChoice&) const = default;
};

/// A generator draws the person: the published one, or Strata's own, whose sizes and steps are its
/// own as well.
struct GeneratorChoice {
    int size = 784; // 64 to 1536
    int steps = 25; // 1 to 1000
    double guidance = 3.5;
    double guideFrom = 0, guideTo = 1; // 0 to 1
    bool parity = false;
    std::string device = "cpu";
    std::string precision = "auto"; // auto, float, half, bfloat16
    bool small = false;             // Strata's own
    bool operator==(const GeneratorChoice&) const = default;
};

/// What of a clip is replaced, and by what; an empty path keeps what is there.
struct EditChoice {
    ClipChoice clip;
    std::string templateFolder; // a MIMO template instead of clip.video
    std::string identity, motion, scene;
    bool keepOccluder = true;
    bool personInFront = false; // of the occluder
    MatteTrim personTrim, occluderTrim;
    std::vector<MatteStroke> personStrokes, occluderStrokes; // come before the trims
    std::uint64_t seed = 42;
    std::optional<GeneratorChoice> generator; // none: the mesh synthesiser
    ExportChoice settings;
    bool operator==(const EditChoice&) const = default;
};

/// Takes a clip apart into the cache.
struct Decompose {
    JobId id = 0;
    ClipChoice clip;
    std::string out; // also writes a template folder there, if not empty
    bool overwrite = false;
    bool operator==(const Decompose&) const = default;
};

/// Draws some frames of an edit with the mesh synthesiser, each an entry of the cache. A newer
/// preview cancels every older one.
struct Preview {
    JobId id = 0;
    EditChoice edit;
    FrameRange show; // part of edit.clip.frames
    bool operator==(const Preview&) const = default;
};

/// Renders an edit to a video.
struct Edit {
    JobId id = 0;
    EditChoice edit;
    std::string out;
    std::string preview; // contact sheet, optional
    bool operator==(const Edit&) const = default;
};

/// Downloads missing models by name or group.
struct FetchModels {
    JobId id = 0;
    std::string what;
    bool operator==(const FetchModels&) const = default;
};

/// Stops the job `id`, wherever it is.
struct Cancel {
    JobId id = 0;
    bool operator==(const Cancel&) const = default;
};

struct Ping {
    JobId id = 0;
    bool operator==(const Ping&) const = default;
};

struct ListModels {
    JobId id = 0;
    bool operator==(const ListModels&) const = default;
};

/// Cancels everything and ends the worker.
struct Shutdown {
    bool operator==(const Shutdown&) const = default;
};

using Request =
    std::variant<Decompose, Preview, Edit, FetchModels, Cancel, Ping, ListModels, Shutdown>;

// ---- from the worker ----

enum class ModelPresence { Missing, Ready, Damaged };

struct Model {
    std::string id, group, title, purpose, license, home;
    std::uint64_t bytes = 0; // 0 when not known
    ModelPresence state = ModelPresence::Missing;
    bool operator==(const Model&) const = default;
};

/// Always the first message.
struct Hello {
    int protocol = kVersion;
    std::string program;    // name and version
    std::string device;     // cpu, cuda
    std::string deviceName; // for people
    std::string cache;      // root folder
    std::vector<Model> models;
    bool operator==(const Hello&) const = default;
};

/// A job ends with Finished or Failed, not with a state.
enum class JobState { Queued, Running, Cancelling };

struct StateChanged {
    JobId id = 0;
    JobState state = JobState::Queued;
    bool operator==(const StateChanged&) const = default;
};

/// At most 30 a second.
struct ProgressMade {
    JobId id = 0;
    std::string stage;
    double fraction = 0;               // of the whole job, 0 to 1, never falls
    std::int64_t done = 0, total = 0;  // of the stage, mostly frames
    double fps = 0;                    // of the stage; 0 when not known yet
    std::optional<double> secondsLeft; // of the job
    bool operator==(const ProgressMade&) const = default;
};

/// A piece of a stage's result lies complete in the cache.
struct ChunkStored {
    JobId id = 0;
    std::string stage;
    std::string key; // of the cache entry, for CacheStore::find() and pins
    FrameRange frames;
    std::string folder;
    std::vector<std::string> files; // names in `folder`, sorted
    bool computed = false;          // just now; false: it was in the cache
    bool operator==(const ChunkStored&) const = default;
};

/// Pixels of the frame.
struct Box {
    double x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Box&) const = default;
};

struct Person {
    int id = 0;
    bool main = false;       // the one the job works on
    FrameRange range;        // from the first to the last frame with the person
    std::int64_t frames = 0; // with the person
    std::int64_t fullBodyFrames = 0;
    double meanHeight = 0;      // part of the frame's height
    std::int64_t bestFrame = 0; // where the person is seen largest and best
    Box bestBox;                // there
    bool operator==(const Person&) const = default;
};

/// Everybody in the clip, as soon as all frames have been looked at.
struct PeopleFound {
    JobId id = 0;
    std::vector<Person> people; // the most prominent first
    bool operator==(const PeopleFound&) const = default;
};

/// What a job came to; of fields that say nothing about its kind, the defaults.
struct JobReport {
    std::string out, preview; // files or folders that were written
    std::int64_t frames = 0;
    int person = -1;
    double fitError = 0;        // mean distance of joints to landmarks / the person's height
    double fitAcceleration = 0; // m/s^2
    std::string note;           // about what could not be kept, a sentence
    bool operator==(const JobReport&) const = default;
};

struct Finished {
    JobId id = 0;
    JobReport report;
    bool operator==(const Finished&) const = default;
};

/// A job or a request failed, was cancelled (ErrorCode::Cancelled), or a line was not understood
/// (id 0 if it had none).
struct Failed {
    JobId id = 0;
    ErrorCode code = ErrorCode::Internal;
    std::string message; // one sentence
    bool operator==(const Failed&) const = default;
};

struct Pong {
    JobId id = 0;
    bool operator==(const Pong&) const = default;
};

struct ModelList {
    JobId id = 0;
    std::vector<Model> models;
    bool operator==(const ModelList&) const = default;
};

/// A sentence for the log of a job, or of the worker (id 0).
struct Log {
    JobId id = 0;
    std::string text;
    bool operator==(const Log&) const = default;
};

using Event = std::variant<Hello, StateChanged, ProgressMade, ChunkStored, PeopleFound, Finished,
                           Failed, Pong, ModelList, Log>;

} // namespace strata::protocol
