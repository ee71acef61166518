// SPDX-License-Identifier: Apache-2.0
#include "engine/project/check.h"
#include "engine/project/io/json_fields.h"
#include "engine/project/io/path_text.h"
#include "engine/project/io/project_json.h"
#include "engine/project/io/project_versions.h"

#include <system_error>

namespace strata {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

/// Where the file is: relative to the project, so that both can move together; where it was, when
/// only the project moved or neither is there.
fs::path placeOf(const JsonFields& fields, const fs::path& folder) {
    const auto absolute = pathFromText(fields.text("absolute"));
    const auto relative = pathFromText(fields.optionalText("relative"));
    if (!absolute || !relative) {
        fields.spoil(absolute ? "relative" : "absolute");
        return {};
    }
    const fs::path beside = (folder / *relative).lexically_normal();
    std::error_code ignored;
    const bool useRelative =
        !relative->empty() && folder.is_absolute() && fs::exists(beside, ignored);
    return useRelative ? beside : absolute->lexically_normal();
}

MediaItem readMedia(const JsonFields& fields, const fs::path& folder) {
    MediaItem item;
    item.id = fields.id<MediaId>("id");
    item.kind = fields.named("kind", kMediaKindNames);
    item.path = placeOf(fields, folder);
    item.facts.digest = fields.text("digest");
    const auto size = fields.integers("size", 2, 0, 1 << 20);
    item.facts.size = {int(size[0]), int(size[1])};
    const auto rate = fields.integers("rate", 2, 0, 1'000'000'000);
    if (rate[1] < 1)
        fields.spoil("rate");
    else
        item.facts.rate = Rational(rate[0], rate[1]);
    item.facts.frameCount = fields.integer("frames", 0, kMostFrames);
    item.facts.hasAudio = fields.flag("audio");
    return item;
}

Marker readMarker(const JsonFields& fields) {
    return {fields.id<MarkerId>("id"), fields.integer("frame", 0, kMostFrames), fields.text("name"),
            fields.color("color")};
}

std::vector<FrameRange> readTracks(const JsonFields& fields) {
    std::vector<FrameRange> tracks;
    for (const Json& track : fields.list("tracks", kMostTracks)) {
        const bool pair = track.is_array() && track.size() == 2;
        const auto begin = pair ? wholeNumber(track[0], 0, kMostFrames) : std::nullopt;
        const auto end = pair ? wholeNumber(track[1], 0, kMostFrames) : std::nullopt;
        if (!begin || !end) {
            fields.spoil("tracks");
            return {};
        }
        tracks.push_back({*begin, *end});
    }
    return tracks;
}

Person readPerson(const JsonFields& fields) {
    Person person;
    person.id = fields.id<PersonId>("id");
    person.tracks = readTracks(fields);
    person.portraitFrame = fields.integer("portrait", 0, kMostFrames);
    person.name = fields.text("name");
    person.color = fields.color("color");
    person.sources.identity = fields.optionalId<MediaId>("identity");
    person.sources.motion = fields.optionalId<MediaId>("motion");
    return person;
}

Layer readLayer(const JsonFields& fields) {
    Layer layer;
    layer.id = fields.id<LayerId>("id");
    layer.kind = fields.named("kind", kLayerKindNames);
    layer.person = fields.optionalId<PersonId>("person");
    layer.name = fields.text("name");
    layer.color = fields.color("color");
    layer.visible = fields.flag("visible");
    layer.solo = fields.flag("solo");
    layer.locked = fields.flag("locked");
    layer.opacity = fields.real("opacity", 0, 1);
    layer.trim = {fields.real("grow", -kMostTrim, kMostTrim), fields.real("feather", 0, kMostTrim)};
    return layer;
}

std::optional<float> pixels(const Json& json) {
    const double value = json.is_number() ? json.get<double>() : kMostPixels * 2;
    return std::abs(value) <= kMostPixels ? std::optional(float(value)) : std::nullopt;
}

Stroke readStroke(const JsonFields& fields) {
    Stroke stroke;
    stroke.id = fields.id<StrokeId>("id");
    stroke.layer = fields.id<LayerId>("layer");
    stroke.frame = fields.integer("frame", 0, kMostFrames);
    stroke.positive = fields.flag("positive");
    stroke.radius = fields.real("radius", 0, kMostRadius);
    const Json& numbers = fields.list("points", 2 * kMostStrokePoints);
    auto points = std::make_shared<std::vector<StrokePoint>>();
    points->reserve(numbers.size() / 2);
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
        const auto x = pixels(numbers[i]), y = pixels(numbers[i + 1]);
        if (!x || !y)
            break;
        points->push_back({*x, *y});
    }
    if (points->size() * 2 != numbers.size())
        fields.spoil("points");
    stroke.points = std::move(points);
    return stroke;
}

SynthSettings readSynth(const JsonFields& fields) {
    SynthSettings synth;
    synth.kind = fields.named("kind", kSynthKindNames);
    synth.size = int(fields.integer("size", kLeastSynthSize, kMostSynthSize));
    synth.steps = int(fields.integer("steps", 1, kMostSteps));
    synth.guidance = fields.real("guidance", 1, kMostGuidance);
    const Json& guided = fields.list("guided", 2);
    if (guided.size() == 2 && guided[0].is_number() && guided[1].is_number()) {
        synth.guideFrom = guided[0].get<double>();
        synth.guideTo = guided[1].get<double>();
    } else {
        fields.spoil("guided");
    }
    synth.seed = fields.natural("seed");
    synth.keepOccluder = fields.flag("keep_occluder");
    return synth;
}

DeliverySettings readDelivery(const JsonFields& fields) {
    return {fields.named("codec", kVideoCodecNames), fields.real("crf", 0, kMostCrf),
            fields.text("preset"), fields.flag("audio"), fields.flag("whole_clip")};
}

template <typename T, typename Read>
std::vector<T> readList(const JsonFields& fields, const char* key, std::size_t most, Damage& damage,
                        Read&& read) {
    const Json& json = fields.list(key, most);
    std::vector<T> list;
    list.reserve(json.size());
    for (std::size_t i = 0; i < json.size() && damage.field.empty(); ++i)
        list.push_back(
            read(JsonFields(json[i], std::string(key) + "[" + std::to_string(i) + "].", damage)));
    return list;
}

const Json& member(const Json& json, const char* key) {
    static const Json nothing;
    const auto found = json.find(key);
    return found == json.end() ? nothing : *found;
}

} // namespace

Result<Project> readVersion1(const Json& json, const fs::path& folder, const std::string& name) {
    Damage damage;
    const JsonFields fields(json, "", damage);
    Project p;
    p.nextId = fields.integer("next_id", 1, kMostId);
    p.media = readList<MediaItem>(fields, "media", kMostMedia, damage,
                                  [&](const JsonFields& f) { return readMedia(f, folder); });
    p.clip = fields.optionalId<MediaId>("clip");
    p.range = fields.range("range");
    p.loop = fields.flag("loop");
    p.markers = readList<Marker>(fields, "markers", kMostMarkers, damage, readMarker);
    p.people = readList<Person>(fields, "people", kMostPeople, damage, readPerson);
    p.layers = readList<Layer>(fields, "layers", kMostPeople + 2, damage, readLayer);
    p.scene = fields.optionalId<MediaId>("scene");
    p.strokes = readList<Stroke>(fields, "strokes", kMostStrokes, damage, readStroke);
    p.synth = readSynth(JsonFields(member(json, "synth"), "synth.", damage));
    p.delivery = readDelivery(JsonFields(member(json, "delivery"), "delivery.", damage));
    const auto damaged = [&](const std::string& what) {
        return Error{ErrorCode::BadFormat,
                     "The project file " + name + " is damaged: " + what + "."};
    };
    if (!damage.field.empty())
        return damaged("'" + damage.field + "' is missing or not valid");
    if (const std::string broken = brokenPromise(p); !broken.empty())
        return damaged(broken);
    return p;
}

} // namespace strata
