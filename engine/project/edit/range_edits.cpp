// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/range_edits.h"

#include "engine/project/edit/edit_support.h"

namespace strata {

Result<Project> setIn(Project project, std::int64_t frame) {
    if (!project.clip)
        return noClip();
    project.range.begin = clampedToClip(project, frame);
    if (project.range.empty())
        project.range.end = project.frameCount();
    return project;
}

Result<Project> setOut(Project project, std::int64_t lastFrame) {
    if (!project.clip)
        return noClip();
    project.range.end = clampedToClip(project, lastFrame) + 1;
    if (project.range.empty())
        project.range.begin = 0;
    return project;
}

Result<Project> setRange(Project project, FrameRange range) {
    if (!project.clip)
        return noClip();
    const std::int64_t begin = clampedToClip(project, range.begin);
    const std::int64_t end = std::clamp(range.end, begin + 1, project.frameCount());
    project.range = {begin, end};
    return project;
}

Result<Project> clearRange(Project project) {
    const FrameRange all{0, project.frameCount()};
    return setRange(std::move(project), all);
}

Project setLoop(Project project, bool loop) {
    project.loop = loop;
    return project;
}

} // namespace strata
