// SPDX-License-Identifier: Apache-2.0
// Internal to engine/protocol: the name and the fields of every message, for writing and reading.
#pragma once

#include "engine/protocol/fields.h"
#include "engine/protocol/messages.h"

namespace strata {

template <typename Fields>
void describe(Fields& fields, FrameRange& range) {
    fields.need("begin", range.begin);
    fields.need("end", range.end);
}

} // namespace strata

namespace strata::protocol {

// Order as in ErrorCode, which begins with Cancelled.
inline constexpr const char* kCodes[] = {
    "cancelled",     "usage",         "not_found", "bad_format", "shape_mismatch",
    "nothing_to_do", "out_of_memory", "io",        "internal"};
inline constexpr EnumNames<ErrorCode> kCodeNames{ErrorCode::Cancelled, kCodes};
inline constexpr const char* kStates[] = {"queued", "running", "cancelling"};
inline constexpr EnumNames<JobState> kStateNames{JobState::Queued, kStates};
inline constexpr const char* kPresences[] = {"missing", "ready", "damaged"};
inline constexpr EnumNames<ModelPresence> kPresenceNames{ModelPresence::Missing, kPresences};

// ---- the parts of messages ----

template <typename Fields>
void describe(Fields& fields, ClipChoice& clip) {
    fields.maybe("video", clip.video);
    fields.maybe("frames", clip.frames);
    fields.maybe("person", clip.person);
    fields.maybe("body", clip.body);
}

template <typename Fields>
void describe(Fields& fields, ExportChoice& settings) {
    const ExportChoice fallback;
    fields.maybe("codec", settings.codec, fallback.codec);
    fields.maybe("crf", settings.crf, fallback.crf);
    fields.maybe("preset", settings.preset, fallback.preset);
    fields.maybe("audio", settings.audio, fallback.audio);
}

template <typename Fields>
void describe(Fields& fields, GeneratorChoice& generator) {
    const GeneratorChoice fallback;
    fields.maybe("size", generator.size, fallback.size);
    fields.maybe("steps", generator.steps, fallback.steps);
    fields.maybe("guidance", generator.guidance, fallback.guidance);
    fields.maybe("guide_from", generator.guideFrom, fallback.guideFrom);
    fields.maybe("guide_to", generator.guideTo, fallback.guideTo);
    fields.maybe("parity", generator.parity, fallback.parity);
    fields.maybe("device", generator.device, fallback.device);
    fields.maybe("precision", generator.precision, fallback.precision);
    fields.maybe("small", generator.small, fallback.small);
}

template <typename Fields>
void describe(Fields& fields, MatteTrim& trim) {
    const MatteTrim fallback;
    fields.maybe("grow", trim.grow, fallback.grow);
    fields.maybe("feather", trim.feather, fallback.feather);
}

/// Its points are one list of numbers: x, y, x, y, ...
template <typename Fields>
void describe(Fields& fields, MatteStroke& stroke) {
    const MatteStroke fallback;
    fields.need("frame", stroke.frame);
    fields.maybe("positive", stroke.positive, fallback.positive);
    fields.maybe("radius", stroke.radius, fallback.radius);
    std::vector<double> numbers;
    for (const StrokePoint& point : stroke.points)
        numbers.insert(numbers.end(), {point.x, point.y});
    fields.need("points", numbers);
    stroke.points.clear();
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
        stroke.points.push_back({float(numbers[i]), float(numbers[i + 1])});
}

template <typename Fields>
void describe(Fields& fields, EditChoice& edit) {
    const EditChoice fallback;
    describe(fields, edit.clip);
    fields.maybe("template", edit.templateFolder);
    fields.maybe("identity", edit.identity);
    fields.maybe("motion", edit.motion);
    fields.maybe("scene", edit.scene);
    fields.maybe("keep_occluder", edit.keepOccluder, fallback.keepOccluder);
    fields.maybe("person_in_front", edit.personInFront, fallback.personInFront);
    fields.maybe("person_trim", edit.personTrim, fallback.personTrim);
    fields.maybe("occluder_trim", edit.occluderTrim, fallback.occluderTrim);
    fields.maybe("person_strokes", edit.personStrokes);
    fields.maybe("occluder_strokes", edit.occluderStrokes);
    fields.maybe("seed", edit.seed, fallback.seed);
    fields.maybe("generator", edit.generator);
    fields.maybe("export", edit.settings);
}

template <typename Fields>
void describe(Fields& fields, Model& model) {
    fields.need("id", model.id);
    fields.maybe("group", model.group);
    fields.maybe("title", model.title);
    fields.maybe("purpose", model.purpose);
    fields.maybe("license", model.license);
    fields.maybe("home", model.home);
    fields.maybe("bytes", model.bytes);
    fields.choice("state", model.state, kPresenceNames);
}

template <typename Fields>
void describe(Fields& fields, Box& box) {
    fields.need("x", box.x);
    fields.need("y", box.y);
    fields.need("width", box.width);
    fields.need("height", box.height);
}

template <typename Fields>
void describe(Fields& fields, Person& person) {
    fields.need("id", person.id);
    fields.maybe("main", person.main);
    fields.need("range", person.range);
    fields.need("frames", person.frames);
    fields.need("full_body_frames", person.fullBodyFrames);
    fields.need("mean_height", person.meanHeight);
    fields.need("best_frame", person.bestFrame);
    fields.need("best_box", person.bestBox);
}

template <typename Fields>
void describe(Fields& fields, JobReport& report) {
    const JobReport fallback;
    fields.maybe("out", report.out);
    fields.maybe("preview", report.preview);
    fields.maybe("frames", report.frames);
    fields.maybe("person", report.person, fallback.person);
    fields.maybe("fit_error", report.fitError);
    fields.maybe("fit_acceleration", report.fitAcceleration);
    fields.maybe("note", report.note);
}

// ---- the messages and their names ----

template <typename M>
inline constexpr const char* kName = nullptr;

template <>
inline constexpr const char* kName<Decompose> = "decompose";
template <typename Fields>
void describe(Fields& fields, Decompose& request) {
    fields.need("id", request.id);
    describe(fields, request.clip);
    fields.maybe("out", request.out);
    fields.maybe("overwrite", request.overwrite);
}

template <>
inline constexpr const char* kName<Preview> = "preview";
template <typename Fields>
void describe(Fields& fields, Preview& request) {
    fields.need("id", request.id);
    describe(fields, request.edit);
    fields.need("show", request.show);
}

template <>
inline constexpr const char* kName<Edit> = "edit";
template <typename Fields>
void describe(Fields& fields, Edit& request) {
    fields.need("id", request.id);
    describe(fields, request.edit);
    fields.need("out", request.out);
    fields.maybe("preview", request.preview);
}

template <>
inline constexpr const char* kName<FetchModels> = "fetch_models";
template <typename Fields>
void describe(Fields& fields, FetchModels& request) {
    fields.need("id", request.id);
    fields.need("what", request.what);
}

template <>
inline constexpr const char* kName<Cancel> = "cancel";
template <typename Fields>
void describe(Fields& fields, Cancel& request) {
    fields.need("id", request.id);
}

template <>
inline constexpr const char* kName<Ping> = "ping";
template <typename Fields>
void describe(Fields& fields, Ping& request) {
    fields.need("id", request.id);
}

template <>
inline constexpr const char* kName<ListModels> = "models";
template <typename Fields>
void describe(Fields& fields, ListModels& request) {
    fields.need("id", request.id);
}

template <>
inline constexpr const char* kName<Shutdown> = "shutdown";
template <typename Fields>
void describe(Fields&, Shutdown&) {}

template <>
inline constexpr const char* kName<Hello> = "hello";
template <typename Fields>
void describe(Fields& fields, Hello& event) {
    fields.need("protocol", event.protocol);
    fields.maybe("program", event.program);
    fields.maybe("device", event.device);
    fields.maybe("device_name", event.deviceName);
    fields.maybe("cache", event.cache);
    fields.maybe("models", event.models);
}

template <>
inline constexpr const char* kName<StateChanged> = "state";
template <typename Fields>
void describe(Fields& fields, StateChanged& event) {
    fields.need("id", event.id);
    fields.choice("state", event.state, kStateNames);
}

template <>
inline constexpr const char* kName<ProgressMade> = "progress";
template <typename Fields>
void describe(Fields& fields, ProgressMade& event) {
    fields.need("id", event.id);
    fields.need("stage", event.stage);
    fields.need("fraction", event.fraction);
    fields.need("done", event.done);
    fields.need("total", event.total);
    fields.need("fps", event.fps);
    fields.maybe("eta", event.secondsLeft);
}

template <>
inline constexpr const char* kName<ChunkStored> = "chunk";
template <typename Fields>
void describe(Fields& fields, ChunkStored& event) {
    fields.need("id", event.id);
    fields.need("stage", event.stage);
    fields.need("key", event.key);
    fields.need("frames", event.frames);
    fields.need("folder", event.folder);
    fields.need("files", event.files);
    fields.need("computed", event.computed);
}

template <>
inline constexpr const char* kName<PeopleFound> = "people";
template <typename Fields>
void describe(Fields& fields, PeopleFound& event) {
    fields.need("id", event.id);
    fields.need("people", event.people);
}

template <>
inline constexpr const char* kName<Finished> = "result";
template <typename Fields>
void describe(Fields& fields, Finished& event) {
    fields.need("id", event.id);
    describe(fields, event.report);
}

template <>
inline constexpr const char* kName<Failed> = "error";
template <typename Fields>
void describe(Fields& fields, Failed& event) {
    fields.maybe("id", event.id);
    fields.choice("code", event.code, kCodeNames);
    fields.need("message", event.message);
}

template <>
inline constexpr const char* kName<Pong> = "pong";
template <typename Fields>
void describe(Fields& fields, Pong& event) {
    fields.need("id", event.id);
}

template <>
inline constexpr const char* kName<ModelList> = "models";
template <typename Fields>
void describe(Fields& fields, ModelList& event) {
    fields.need("id", event.id);
    fields.need("models", event.models);
}

template <>
inline constexpr const char* kName<Log> = "log";
template <typename Fields>
void describe(Fields& fields, Log& event) {
    fields.maybe("id", event.id);
    fields.need("text", event.text);
}

} // namespace strata::protocol
