// SPDX-License-Identifier: Apache-2.0
#include "engine/project/project.h"

#include <algorithm>

namespace strata {
namespace {

template <typename T, typename Id>
const T* findIn(const std::vector<T>& list, Id id) {
    const auto found =
        std::find_if(list.begin(), list.end(), [id](const T& item) { return item.id == id; });
    return found == list.end() ? nullptr : &*found;
}

} // namespace

bool Stroke::operator==(const Stroke& other) const {
    const bool samePoints =
        points == other.points || (points && other.points && *points == *other.points);
    return id == other.id && layer == other.layer && frame == other.frame &&
           positive == other.positive && radius == other.radius && samePoints;
}

const MediaItem* Project::find(MediaId id) const { return findIn(media, id); }
const Marker* Project::find(MarkerId id) const { return findIn(markers, id); }
const Person* Project::find(PersonId id) const { return findIn(people, id); }
const Layer* Project::find(LayerId id) const { return findIn(layers, id); }
const Stroke* Project::find(StrokeId id) const { return findIn(strokes, id); }

const Layer* Project::layerOf(PersonId person) const {
    const auto found = std::find_if(layers.begin(), layers.end(), [person](const Layer& layer) {
        return layer.kind == LayerKind::Person && layer.person == person;
    });
    return found == layers.end() ? nullptr : &*found;
}

std::int64_t Project::frameCount() const {
    const MediaItem* item = clipItem();
    return item ? item->facts.frameCount : 0;
}

Rational Project::rate() const {
    const MediaItem* item = clipItem();
    return item ? item->facts.rate : Rational();
}

bool Project::isShown(const Layer& layer) const {
    const bool anySolo =
        std::any_of(layers.begin(), layers.end(), [](const Layer& l) { return l.solo; });
    return layer.visible && (layer.solo || !anySolo);
}

} // namespace strata
