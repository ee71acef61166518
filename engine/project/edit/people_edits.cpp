// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/people_edits.h"

#include "engine/project/check.h"
#include "engine/project/edit/clean_name.h"
#include "engine/project/edit/edit_support.h"

#include <set>

namespace strata {
namespace {

/// Ascending and apart, within the clip.
std::vector<FrameRange> tidied(std::vector<FrameRange> tracks, FrameRange clip) {
    std::sort(tracks.begin(), tracks.end(),
              [](FrameRange a, FrameRange b) { return a.begin < b.begin; });
    std::vector<FrameRange> tidy;
    for (const FrameRange track : tracks) {
        const FrameRange inside = track.intersected(clip);
        if (inside.empty())
            continue;
        if (!tidy.empty() && inside.begin <= tidy.back().end)
            tidy.back().end = std::max(tidy.back().end, inside.end);
        else
            tidy.push_back(inside);
    }
    return tidy;
}

bool hasEdits(const Project& project, const Person& person) {
    const Layer* layer = project.layerOf(person.id);
    const bool painted =
        layer && std::any_of(project.strokes.begin(), project.strokes.end(),
                             [layer](const Stroke& stroke) { return stroke.layer == layer->id; });
    return !person.name.empty() || !person.sources.empty() || painted;
}

/// Layers of new people stand in front of those of the others, or else of the scene.
void addLayer(Project& project, const Person& person) {
    Layer layer;
    layer.id = takeId<LayerId>(project);
    layer.kind = LayerKind::Person;
    layer.person = person.id;
    layer.color = person.color;
    const auto frontmost = [&](LayerKind kind) {
        return std::find_if(project.layers.rbegin(), project.layers.rend(),
                            [kind](const Layer& l) { return l.kind == kind; })
            .base();
    };
    auto place = frontmost(LayerKind::Person);
    if (place == project.layers.begin())
        place = frontmost(LayerKind::Scene);
    project.layers.insert(place, layer);
}

void forget(Project& project, const std::set<PersonId>& still) {
    for (Person& person : project.people)
        if (!still.count(person.id))
            person.tracks.clear();
    const auto gone = [&](PersonId id) {
        const Person* person = project.find(id);
        return !still.count(id) && person && !hasEdits(project, *person);
    };
    // Layers first: whether somebody has strokes is known by the layer.
    std::set<PersonId> leaving;
    for (const Person& person : project.people)
        if (gone(person.id))
            leaving.insert(person.id);
    std::erase_if(project.layers,
                  [&](const Layer& l) { return l.person && leaving.count(*l.person); });
    std::erase_if(project.people, [&](const Person& p) { return leaving.count(p.id); });
}

Person& personToFill(Project& project, PersonId id) {
    if (Person* known = findToEdit(project.people, id))
        return *known;
    Person person;
    person.id = id;
    person.color = labelColor(number(id) - 1);
    addLayer(project, person);
    const auto place =
        std::lower_bound(project.people.begin(), project.people.end(), id,
                         [](const Person& p, PersonId wanted) { return p.id < wanted; });
    return *project.people.insert(place, std::move(person));
}

} // namespace

Result<Project> applyPeople(Project project, std::span<const FoundPerson> found) {
    if (!project.clip)
        return noClip();
    std::set<PersonId> ids;
    for (const FoundPerson& person : found)
        if (number(person.id) < 1 || !ids.insert(person.id).second)
            return usage("The list of people is not valid: person " +
                         std::to_string(number(person.id)) + " is in it twice or has no number.");
    if (project.people.size() + found.size() > kMostPeople)
        return tooMany("people");
    const FrameRange clip{0, project.frameCount()};
    for (const FoundPerson& seen : found) {
        Person& person = personToFill(project, seen.id);
        person.tracks = tidied(seen.tracks, clip);
        person.portraitFrame = clampedToClip(project, seen.portraitFrame);
    }
    forget(project, ids);
    return project;
}

Result<Project> renamePerson(Project project, PersonId id, std::string name) {
    return withItem(std::move(project), &Project::people, id,
                    [&](Person& person) { person.name = cleanName(name); });
}

Result<Project> setPersonColor(Project project, PersonId id, LabelColor color) {
    Person* person = findToEdit(project.people, id);
    if (!person)
        return notThere(id);
    person->color = color;
    for (Layer& layer : project.layers)
        if (layer.person == id)
            layer.color = color;
    return project;
}

} // namespace strata
