// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/layer.h"
#include "engine/project/marker.h"
#include "engine/project/media_item.h"
#include "engine/project/person.h"
#include "engine/project/settings.h"
#include "engine/project/stroke.h"

namespace strata {

/// The document: everything a user decides about one clip, as a plain value. Changed only by the
/// functions of engine/project/edit, which keep these promises:
///   every id that is used is there (clip, sources, layers of people, layers of strokes);
///   with a clip there are one scene layer, one occluder layer and one layer for each person;
///   frames of markers and strokes lie within the clip, and so does the range, which is not empty.
struct Project {
    std::int64_t nextId = 1; // of media, markers, layers and strokes
    std::vector<MediaItem> media;
    std::optional<MediaId> clip;  // the clip that is edited, of kind Clip
    FrameRange range;             // from in to out, of the clip; empty only without a clip
    bool loop = true;             // playback goes from out back to in
    std::vector<Marker> markers;  // by frame, then by id
    std::vector<Person> people;   // by id
    std::vector<Layer> layers;    // back to front
    std::optional<MediaId> scene; // a Clip or a Picture that replaces the scene
    std::vector<Stroke> strokes;  // in the order they were painted
    SynthSettings synth;
    DeliverySettings delivery;

    bool operator==(const Project&) const = default;

    // Null when there is none of that id.
    const MediaItem* find(MediaId id) const;
    const Marker* find(MarkerId id) const;
    const Person* find(PersonId id) const;
    const Layer* find(LayerId id) const;
    const Stroke* find(StrokeId id) const;

    /// The clip that is edited; null before one was opened.
    const MediaItem* clipItem() const { return clip ? find(*clip) : nullptr; }
    const Layer* layerOf(PersonId person) const;
    /// Frames of the clip; 0 without one.
    std::int64_t frameCount() const;
    /// Frames per second of the clip; 0 without one.
    Rational rate() const;
    /// Whether the layer is to be seen, solo included.
    bool isShown(const Layer& layer) const;
};

} // namespace strata
