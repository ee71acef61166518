// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/names.h"
#include "engine/project/io/path_text.h"
#include "engine/project/io/project_file.h"
#include "engine/project/io/project_json.h"

#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Json = nlohmann::json;

Json rangeJson(FrameRange range) { return {range.begin, range.end}; }

Json colorJson(LabelColor color) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "#";
    for (const int part : {int(color.red), int(color.green), int(color.blue)})
        text.append({digits[part >> 4], digits[part & 15]});
    return text;
}

template <typename Id>
Json idJson(const std::optional<Id>& id) {
    return id ? Json(number(*id)) : Json();
}

Json mediaJson(const MediaItem& item, const std::filesystem::path& folder) {
    const MediaFacts& facts = item.facts;
    Json json = {{"id", number(item.id)},
                 {"kind", nameOf(kMediaKindNames, item.kind)},
                 {"absolute", pathToText(item.path)},
                 {"digest", facts.digest},
                 {"size", {facts.size.width, facts.size.height}},
                 {"rate", {facts.rate.num, facts.rate.den}},
                 {"frames", facts.frameCount},
                 {"audio", facts.hasAudio}};
    if (folder.is_absolute())
        json["relative"] = pathToText(item.path.lexically_relative(folder.lexically_normal()));
    return json;
}

Json markerJson(const Marker& marker) {
    return {{"id", number(marker.id)},
            {"frame", marker.frame},
            {"name", marker.name},
            {"color", colorJson(marker.color)}};
}

Json personJson(const Person& person) {
    Json tracks = Json::array();
    for (const FrameRange track : person.tracks)
        tracks.push_back(rangeJson(track));
    return {{"id", number(person.id)},
            {"tracks", std::move(tracks)},
            {"portrait", person.portraitFrame},
            {"name", person.name},
            {"color", colorJson(person.color)},
            {"identity", idJson(person.sources.identity)},
            {"motion", idJson(person.sources.motion)}};
}

Json layerJson(const Layer& layer) {
    return {{"id", number(layer.id)},
            {"kind", nameOf(kLayerKindNames, layer.kind)},
            {"person", idJson(layer.person)},
            {"name", layer.name},
            {"color", colorJson(layer.color)},
            {"visible", layer.visible},
            {"solo", layer.solo},
            {"locked", layer.locked},
            {"opacity", layer.opacity},
            {"grow", layer.trim.grow},
            {"feather", layer.trim.feather}};
}

Json strokeJson(const Stroke& stroke) {
    Json points = Json::array(); // x and y in turn
    for (const StrokePoint point : *stroke.points) {
        points.push_back(point.x);
        points.push_back(point.y);
    }
    return {{"id", number(stroke.id)}, {"layer", number(stroke.layer)},
            {"frame", stroke.frame},   {"positive", stroke.positive},
            {"radius", stroke.radius}, {"points", std::move(points)}};
}

Json synthJson(const SynthSettings& synth) {
    return {{"kind", nameOf(kSynthKindNames, synth.kind)},
            {"size", synth.size},
            {"steps", synth.steps},
            {"guidance", synth.guidance},
            {"guided", {synth.guideFrom, synth.guideTo}},
            {"seed", synth.seed},
            {"keep_occluder", synth.keepOccluder}};
}

Json deliveryJson(const DeliverySettings& delivery) {
    return {{"codec", nameOf(kVideoCodecNames, delivery.codec)},
            {"crf", delivery.crf},
            {"preset", delivery.preset},
            {"audio", delivery.audio},
            {"whole_clip", delivery.wholeClip}};
}

std::string compact(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// One line for every item of a list, so that versions of a file can be compared.
void appendValue(std::string& text, const Json& json) {
    if (!json.is_array() || json.empty() || !json[0].is_object()) {
        text += compact(json);
        return;
    }
    const char* next = "[\n ";
    for (const Json& item : json) {
        text += next + compact(item);
        next = ",\n ";
    }
    text += "\n]";
}

template <typename T, typename Write>
Json listJson(const std::vector<T>& list, Write&& write) {
    Json json = Json::array();
    for (const T& item : list)
        json.push_back(write(item));
    return json;
}

} // namespace

nlohmann::json projectToJson(const Project& project, const std::filesystem::path& folder) {
    const auto media = [&](const MediaItem& item) { return mediaJson(item, folder); };
    return {{kFormatKey, kProjectFormat},
            {"next_id", project.nextId},
            {"media", listJson(project.media, media)},
            {"clip", idJson(project.clip)},
            {"range", rangeJson(project.range)},
            {"loop", project.loop},
            {"markers", listJson(project.markers, markerJson)},
            {"people", listJson(project.people, personJson)},
            {"layers", listJson(project.layers, layerJson)},
            {"scene", idJson(project.scene)},
            {"strokes", listJson(project.strokes, strokeJson)},
            {"synth", synthJson(project.synth)},
            {"delivery", deliveryJson(project.delivery)}};
}

std::string writeProject(const Project& project, const std::filesystem::path& folder) {
    std::string text = "{";
    const char* next = "\n";
    const Json json = projectToJson(project, folder);
    for (const auto& [key, value] : json.items()) {
        text += next + compact(key) + ": ";
        appendValue(text, value);
        next = ",\n";
    }
    return text + "\n}\n";
}

} // namespace strata
