// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/source_edits.h"

#include "engine/project/edit/edit_support.h"

#include <initializer_list>

namespace strata {

Status mayServe(const Project& project, std::optional<MediaId> medium, MediaUse use) {
    if (!medium)
        return ok();
    const MediaItem* item = project.find(*medium);
    if (!item)
        return notThere(*medium);
    if (canServe(item->kind, use))
        return ok();
    const char* wanted =
        use == MediaUse::Identity ? "a person's look comes from a picture or a clip"
        : use == MediaUse::Motion ? "a motion comes from a BVH or AMASS file, a clip or a template"
                                  : "a scene comes from a picture or a clip";
    return usage(item->path.filename().string() + " cannot be used here: " + wanted + ".");
}

Result<Project> setIdentitySource(Project project, PersonId person, std::optional<MediaId> medium) {
    STRATA_TRY(mayServe(project, medium, MediaUse::Identity));
    return withItem(std::move(project), &Project::people, person,
                    [&](Person& p) { p.sources.identity = medium; });
}

Result<Project> setMotionSource(Project project, PersonId person, std::optional<MediaId> medium) {
    STRATA_TRY(mayServe(project, medium, MediaUse::Motion));
    return withItem(std::move(project), &Project::people, person,
                    [&](Person& p) { p.sources.motion = medium; });
}

Result<Project> setSceneSource(Project project, std::optional<MediaId> medium) {
    STRATA_TRY(mayServe(project, medium, MediaUse::Scene));
    project.scene = medium;
    return project;
}

} // namespace strata
