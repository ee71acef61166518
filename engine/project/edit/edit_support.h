// SPDX-License-Identifier: Apache-2.0
// Internal to engine/project/edit.
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace strata {

inline const char* kindName(MediaId) { return "medium"; }
inline const char* kindName(MarkerId) { return "marker"; }
inline const char* kindName(PersonId) { return "person"; }
inline const char* kindName(LayerId) { return "layer"; }
inline const char* kindName(StrokeId) { return "stroke"; }

template <typename Id>
Error notThere(Id id) {
    return {ErrorCode::NotFound, std::string("There is no ") + kindName(id) + " " +
                                     std::to_string(number(id)) + " in the project."};
}

inline Error usage(std::string sentence) { return {ErrorCode::Usage, std::move(sentence)}; }

/// The item of a list that is edited; null when there is none of that id.
template <typename T, typename Id>
T* findToEdit(std::vector<T>& list, Id id) {
    const auto found =
        std::find_if(list.begin(), list.end(), [id](const T& item) { return item.id == id; });
    return found == list.end() ? nullptr : &*found;
}

/// Sets one field of one item: `list`'s item `id`, with edit(item).
template <typename T, typename Id, typename Edit>
Result<Project> withItem(Project project, std::vector<T> Project::*list, Id id, Edit&& edit) {
    T* item = findToEdit(project.*list, id);
    if (!item)
        return notThere(id);
    edit(*item);
    return project;
}

/// A new id; `project` counts it.
template <typename Id>
Id takeId(Project& project) {
    return Id{project.nextId++};
}

inline Error lockedLayer() { return usage("The layer is locked; unlock it first."); }
inline Error tooMany(const char* what) {
    return usage(std::string("The project cannot take any more ") + what + ".");
}
inline Error noClip() { return usage("Open a clip first."); }

inline std::int64_t clampedToClip(const Project& project, std::int64_t frame) {
    return std::clamp<std::int64_t>(frame, 0, project.frameCount() - 1);
}

inline bool areNumbers(std::initializer_list<double> values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

} // namespace strata
