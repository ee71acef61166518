// SPDX-License-Identifier: Apache-2.0
#include "engine/project/check.h"

#include "engine/project/edit/clean_name.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <tuple>

namespace strata {
namespace {

/// Remembers the first promise that does not hold.
class Promises {
public:
    void expect(bool holds, const std::string& otherwise) {
        if (!holds && m_broken.empty())
            m_broken = otherwise;
    }
    std::string broken() && { return std::move(m_broken); }

private:
    std::string m_broken;
};

std::string named(const char* what, std::int64_t id) {
    return std::string("the ") + what + " " + std::to_string(id);
}

bool isWithin(double value, double low, double high) { return value >= low && value <= high; }

/// Ids are positive, unique and, but for people, already counted.
template <typename T>
void checkIds(Promises& promises, const std::vector<T>& list, const char* what,
              std::int64_t firstFree) {
    std::set<std::int64_t> seen;
    for (const T& item : list) {
        const std::int64_t id = number(item.id);
        promises.expect(id > 0 && id < firstFree && seen.insert(id).second,
                        named(what, id) + " is numbered wrongly");
    }
}

/// The lists are short enough for the checks that follow, some of which look at pairs.
bool areShort(const Project& p) {
    std::size_t points = 0, tracks = 0;
    for (const Stroke& stroke : p.strokes)
        points += stroke.points ? stroke.points->size() : 0;
    for (const Person& person : p.people)
        tracks += person.tracks.size();
    return p.media.size() <= kMostMedia && p.markers.size() <= kMostMarkers &&
           p.people.size() <= kMostPeople && p.layers.size() <= kMostPeople + 2 &&
           p.strokes.size() <= kMostStrokes && points <= kMostPointsInAll && tracks <= kMostTracks;
}

void checkMedia(Promises& promises, const Project& p) {
    for (const MediaItem& item : p.media) {
        const MediaFacts& facts = item.facts;
        const bool sane = facts.frameCount >= 0 && facts.frameCount <= kMostFrames &&
                          facts.size.width >= 0 && facts.size.height >= 0 && facts.rate.num >= 0 &&
                          facts.rate.den > 0;
        promises.expect(sane && item.path.is_absolute() &&
                            item.path == item.path.lexically_normal(),
                        named("medium", number(item.id)) + " is not described sensibly");
    }
    const MediaItem* clip = p.clipItem();
    if (p.clip)
        promises.expect(clip && clip->kind == MediaKind::Clip && clip->facts.frameCount > 0,
                        "the clip is not among the media");
    const auto serves = [&](std::optional<MediaId> id, MediaUse use) {
        const MediaItem* item = id ? p.find(*id) : nullptr;
        return !id || (item && canServe(item->kind, use));
    };
    promises.expect(serves(p.scene, MediaUse::Scene), "the scene's source cannot serve");
    for (const Person& person : p.people)
        promises.expect(serves(person.sources.identity, MediaUse::Identity) &&
                            serves(person.sources.motion, MediaUse::Motion),
                        named("person", number(person.id)) + " has a source that cannot serve");
}

void checkTime(Promises& promises, const Project& p) {
    const FrameRange all{0, p.frameCount()};
    promises.expect(p.clip ? !p.range.empty() && p.range.intersected(all) == p.range
                           : p.range == FrameRange(),
                    "in and out are not within the clip");
    for (const Marker& marker : p.markers)
        promises.expect(all.contains(marker.frame) && cleanName(marker.name) == marker.name,
                        named("marker", number(marker.id)) + " is not within the clip");
    promises.expect(std::is_sorted(p.markers.begin(), p.markers.end(),
                                   [](const Marker& a, const Marker& b) {
                                       return std::tie(a.frame, a.id) < std::tie(b.frame, b.id);
                                   }),
                    "the markers are not in order");
    for (const Stroke& stroke : p.strokes)
        promises.expect(all.contains(stroke.frame),
                        named("stroke", number(stroke.id)) + " is not within the clip");
}

void checkPeople(Promises& promises, const Project& p) {
    const FrameRange all{0, p.frameCount()};
    PersonId last{};
    for (const Person& person : p.people) {
        promises.expect(person.id > last, "the people are not in order");
        last = person.id;
        std::int64_t free = 0; // first frame the next track may have
        bool tidy = all.contains(person.portraitFrame);
        for (const FrameRange track : person.tracks) {
            tidy = tidy && track.begin >= free && !track.empty() && track.end <= all.end;
            free = track.end + 1;
        }
        promises.expect(tidy && cleanName(person.name) == person.name,
                        named("person", number(person.id)) + " is not described sensibly");
    }
}

void checkLayers(Promises& promises, const Project& p) {
    std::size_t scenes = 0, occluders = 0;
    std::set<PersonId> owners;
    for (const Layer& layer : p.layers) {
        scenes += layer.kind == LayerKind::Scene;
        occluders += layer.kind == LayerKind::Occluder;
        const bool owned =
            layer.kind == LayerKind::Person
                ? layer.person && p.find(*layer.person) && owners.insert(*layer.person).second
                : !layer.person;
        const bool sane =
            isWithin(layer.opacity, 0, 1) && isWithin(layer.trim.grow, -kMostTrim, kMostTrim) &&
            isWithin(layer.trim.feather, 0, kMostTrim) && cleanName(layer.name) == layer.name;
        promises.expect(owned && sane, named("layer", number(layer.id)) + " is not set sensibly");
    }
    const std::size_t each = p.clip ? 1 : 0;
    promises.expect(scenes == each && occluders == each && owners.size() == p.people.size(),
                    "the layers are not those of the clip");
}

void checkStrokes(Promises& promises, const Project& p) {
    for (const Stroke& stroke : p.strokes) {
        const Layer* layer = p.find(stroke.layer);
        const bool sane = layer && layer->kind != LayerKind::Scene && stroke.points &&
                          !stroke.points->empty() && stroke.points->size() <= kMostStrokePoints &&
                          std::all_of(stroke.points->begin(), stroke.points->end(), isPlacable) &&
                          stroke.radius > 0 && stroke.radius <= kMostRadius;
        promises.expect(sane, named("stroke", number(stroke.id)) + " is not drawn sensibly");
    }
}

void checkSettings(Promises& promises, const Project& p) {
    const SynthSettings& s = p.synth;
    promises.expect(isWithin(s.size, kLeastSynthSize, kMostSynthSize) && s.size % 8 == 0 &&
                        isWithin(s.steps, 1, kMostSteps) &&
                        isWithin(s.guidance, 1, kMostGuidance) &&
                        isWithin(s.guideFrom, 0, s.guideTo) && isWithin(s.guideTo, s.guideFrom, 1),
                    "the settings of the synthesis are out of range");
    promises.expect(isWithin(p.delivery.crf, 0, kMostCrf) && isEncoderPreset(p.delivery.preset),
                    "the settings of the delivery are out of range");
}

} // namespace

std::string brokenPromise(const Project& project) {
    if (!areShort(project))
        return "it has more of something than a project can have";
    Promises promises;
    const std::int64_t free = project.nextId;
    promises.expect(free > 0 && free <= kMostId, "its numbering is not sensible");
    checkIds(promises, project.media, "medium", free);
    checkIds(promises, project.markers, "marker", free);
    checkIds(promises, project.people, "person", kMostId);
    checkIds(promises, project.layers, "layer", free);
    checkIds(promises, project.strokes, "stroke", free);
    checkMedia(promises, project);
    checkTime(promises, project);
    checkPeople(promises, project);
    checkLayers(promises, project);
    checkStrokes(promises, project);
    checkSettings(promises, project);
    return std::move(promises).broken();
}

} // namespace strata
