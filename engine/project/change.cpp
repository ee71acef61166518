// SPDX-License-Identifier: Apache-2.0
#include "engine/project/change.h"

#include <algorithm>
#include <cassert>

namespace strata {
namespace {

/// What is left of two lists without what they begin and end with in common.
template <typename T>
ListChange<T> listDifference(const std::vector<T>& before, const std::vector<T>& after) {
    const auto [first, firstAfter] =
        std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    const auto [last, lastAfter] =
        std::mismatch(before.rbegin(), std::make_reverse_iterator(first), after.rbegin(),
                      std::make_reverse_iterator(firstAfter));
    return {
        std::size_t(first - before.begin()), {first, last.base()}, {firstAfter, lastAfter.base()}};
}

template <typename T>
void splice(std::vector<T>& list, const ListChange<T>& change) {
    assert(change.at + change.before.size() <= list.size());
    const auto at = list.begin() + std::ptrdiff_t(change.at);
    const auto hole = list.erase(at, at + std::ptrdiff_t(change.before.size()));
    list.insert(hole, change.after.begin(), change.after.end());
}

template <typename T>
ListChange<T> turned(const ListChange<T>& change) {
    return {change.at, change.after, change.before};
}

} // namespace

ProjectScalars scalarsOf(const Project& p) {
    return {p.nextId, p.clip, p.scene, p.range, p.loop, p.synth, p.delivery};
}

bool ProjectChange::empty() const {
    return scalarsBefore == scalarsAfter && media.empty() && markers.empty() && people.empty() &&
           layers.empty() && strokes.empty();
}

ProjectChange ProjectChange::reversed() const {
    return {scalarsAfter,   scalarsBefore,  turned(media),  turned(markers),
            turned(people), turned(layers), turned(strokes)};
}

ProjectChange difference(const Project& before, const Project& after) {
    return {scalarsOf(before),
            scalarsOf(after),
            listDifference(before.media, after.media),
            listDifference(before.markers, after.markers),
            listDifference(before.people, after.people),
            listDifference(before.layers, after.layers),
            listDifference(before.strokes, after.strokes)};
}

void apply(Project& project, const ProjectChange& change) {
    const ProjectScalars& scalars = change.scalarsAfter;
    project.nextId = scalars.nextId;
    project.clip = scalars.clip;
    project.scene = scalars.scene;
    project.range = scalars.range;
    project.loop = scalars.loop;
    project.synth = scalars.synth;
    project.delivery = scalars.delivery;
    splice(project.media, change.media);
    splice(project.markers, change.markers);
    splice(project.people, change.people);
    splice(project.layers, change.layers);
    splice(project.strokes, change.strokes);
}

} // namespace strata
