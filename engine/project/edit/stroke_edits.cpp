// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/stroke_edits.h"

#include "engine/project/check.h"
#include "engine/project/edit/edit_support.h"

namespace strata {
namespace {

Status mayTakeStrokes(const Project& project, LayerId id) {
    const Layer* layer = project.find(id);
    if (!layer)
        return notThere(id);
    if (layer->locked)
        return lockedLayer();
    if (layer->kind == LayerKind::Scene)
        return usage("The scene is what the other layers leave; paint on one of them.");
    return ok();
}

Status isSound(const Project& project, const Stroke& stroke) {
    if (!stroke.points || stroke.points->empty())
        return usage("A stroke needs at least one point.");
    if (stroke.points->size() > kMostStrokePoints)
        return usage("A stroke can have " + std::to_string(kMostStrokePoints) + " points at most.");
    const bool numbers = std::all_of(stroke.points->begin(), stroke.points->end(), isPlacable);
    if (!numbers || !(stroke.radius > 0 && stroke.radius <= kMostRadius))
        return usage("The points and the radius of a stroke must be sensible numbers of pixels.");
    if (!FrameRange{0, project.frameCount()}.contains(stroke.frame))
        return usage("The clip has no frame " + std::to_string(stroke.frame) + " to paint on.");
    return ok();
}

bool isFull(const Project& project, std::size_t more) {
    for (const Stroke& stroke : project.strokes)
        more += stroke.points->size();
    return project.strokes.size() >= kMostStrokes || more > kMostPointsInAll;
}

std::shared_ptr<const std::vector<StrokePoint>> rounded(const std::vector<StrokePoint>& points) {
    auto out = std::make_shared<std::vector<StrokePoint>>(points);
    for (StrokePoint& point : *out)
        point = {std::round(point.x * 16) / 16, std::round(point.y * 16) / 16};
    return out;
}

} // namespace

Result<Project> addStroke(Project project, Stroke stroke) {
    STRATA_TRY(mayTakeStrokes(project, stroke.layer));
    STRATA_TRY(isSound(project, stroke));
    if (isFull(project, stroke.points->size()))
        return tooMany("strokes");
    stroke.id = takeId<StrokeId>(project);
    stroke.points = rounded(*stroke.points);
    project.strokes.push_back(std::move(stroke));
    return project;
}

Result<Project> removeStroke(Project project, StrokeId id) {
    const Stroke* stroke = project.find(id);
    if (!stroke)
        return notThere(id);
    STRATA_TRY(mayTakeStrokes(project, stroke->layer));
    std::erase_if(project.strokes, [id](const Stroke& s) { return s.id == id; });
    return project;
}

Result<Project> clearStrokes(Project project, LayerId layer, std::optional<std::int64_t> frame) {
    STRATA_TRY(mayTakeStrokes(project, layer));
    std::erase_if(project.strokes, [&](const Stroke& stroke) {
        return stroke.layer == layer && (!frame || stroke.frame == *frame);
    });
    return project;
}

} // namespace strata
