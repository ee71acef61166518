// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/project.h"

namespace strata {

/// One run of a list that was replaced by another: `before` stood at `at`, `after` stands there
/// now. Both empty: the list is as it was.
template <typename T>
struct ListChange {
    std::size_t at = 0;
    std::vector<T> before, after;
    bool empty() const { return before.empty() && after.empty(); }
};

/// Everything of a Project that is no list.
struct ProjectScalars {
    std::int64_t nextId = 1;
    std::optional<MediaId> clip, scene;
    FrameRange range;
    bool loop = true;
    SynthSettings synth;
    DeliverySettings delivery;
    bool operator==(const ProjectScalars&) const = default;
};

ProjectScalars scalarsOf(const Project& project);

/// The difference between two states of a project. As large as what changed, not as the project; it
/// turns one state exactly into the other, in both directions.
struct ProjectChange {
    ProjectScalars scalarsBefore, scalarsAfter;
    ListChange<MediaItem> media;
    ListChange<Marker> markers;
    ListChange<Person> people;
    ListChange<Layer> layers;
    ListChange<Stroke> strokes;

    bool empty() const;
    ProjectChange reversed() const;
};

ProjectChange difference(const Project& before, const Project& after);
/// `project` must be the state the change starts from (what is not part of the change may differ).
void apply(Project& project, const ProjectChange& change);

} // namespace strata
