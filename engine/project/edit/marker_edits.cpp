// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/marker_edits.h"

#include "engine/project/check.h"
#include "engine/project/edit/clean_name.h"
#include "engine/project/edit/edit_support.h"

#include <tuple>

namespace strata {
namespace {

void sort(std::vector<Marker>& markers) {
    std::sort(markers.begin(), markers.end(), [](const Marker& a, const Marker& b) {
        return std::tie(a.frame, a.id) < std::tie(b.frame, b.id);
    });
}

} // namespace

Result<Project> addMarker(Project project, Marker marker) {
    if (!project.clip)
        return noClip();
    if (project.markers.size() >= kMostMarkers)
        return tooMany("markers");
    marker.id = takeId<MarkerId>(project);
    marker.frame = clampedToClip(project, marker.frame);
    marker.name = cleanName(marker.name);
    project.markers.push_back(std::move(marker));
    sort(project.markers);
    return project;
}

Result<Project> removeMarker(Project project, MarkerId id) {
    const auto gone = std::erase_if(project.markers, [id](const Marker& m) { return m.id == id; });
    if (gone == 0)
        return notThere(id);
    return project;
}

Result<Project> moveMarker(Project project, MarkerId id, std::int64_t frame) {
    Marker* marker = findToEdit(project.markers, id);
    if (!marker)
        return notThere(id);
    marker->frame = clampedToClip(project, frame);
    sort(project.markers);
    return project;
}

Result<Project> renameMarker(Project project, MarkerId id, std::string name) {
    return withItem(std::move(project), &Project::markers, id,
                    [&](Marker& marker) { marker.name = cleanName(name); });
}

Result<Project> setMarkerColor(Project project, MarkerId id, LabelColor color) {
    return withItem(std::move(project), &Project::markers, id,
                    [&](Marker& marker) { marker.color = color; });
}

} // namespace strata
