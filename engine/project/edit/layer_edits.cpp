// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/layer_edits.h"

#include "engine/project/check.h"
#include "engine/project/edit/clean_name.h"
#include "engine/project/edit/edit_support.h"

namespace strata {
namespace {

template <typename Edit>
Result<Project> withLayer(Project project, LayerId id, Edit&& edit) {
    return withItem(std::move(project), &Project::layers, id, std::forward<Edit>(edit));
}

template <typename Edit>
Result<Project> withUnlockedLayer(Project project, LayerId id, Edit&& edit) {
    const Layer* layer = project.find(id);
    if (layer && layer->locked)
        return lockedLayer();
    return withLayer(std::move(project), id, std::forward<Edit>(edit));
}

} // namespace

Result<Project> moveLayer(Project project, LayerId id, std::int64_t index) {
    const Layer* found = project.find(id);
    if (!found)
        return notThere(id);
    if (found->kind == LayerKind::Scene)
        return project;
    const Layer layer = *found;
    std::erase_if(project.layers, [id](const Layer& l) { return l.id == id; });
    const std::int64_t least = project.layers.front().kind == LayerKind::Scene ? 1 : 0;
    const auto place = std::clamp<std::int64_t>(index, least, std::int64_t(project.layers.size()));
    project.layers.insert(project.layers.begin() + place, layer);
    return project;
}

Result<Project> renameLayer(Project project, LayerId id, std::string name) {
    return withLayer(std::move(project), id, [&](Layer& layer) { layer.name = cleanName(name); });
}

Result<Project> setLayerVisible(Project project, LayerId id, bool visible) {
    return withLayer(std::move(project), id, [&](Layer& layer) { layer.visible = visible; });
}

Result<Project> setLayerSolo(Project project, LayerId id, bool solo) {
    return withLayer(std::move(project), id, [&](Layer& layer) { layer.solo = solo; });
}

Result<Project> setLayerLocked(Project project, LayerId id, bool locked) {
    return withLayer(std::move(project), id, [&](Layer& layer) { layer.locked = locked; });
}

Result<Project> setLayerColor(Project project, LayerId id, LabelColor color) {
    Layer* layer = findToEdit(project.layers, id);
    if (!layer)
        return notThere(id);
    layer->color = color;
    for (Person& person : project.people)
        if (layer->person == person.id)
            person.color = color;
    return project;
}

Result<Project> setLayerOpacity(Project project, LayerId id, double opacity) {
    if (!areNumbers({opacity}))
        return usage("An opacity is a number from 0 to 1.");
    return withUnlockedLayer(std::move(project), id,
                             [&](Layer& layer) { layer.opacity = std::clamp(opacity, 0.0, 1.0); });
}

Result<Project> setLayerTrim(Project project, LayerId id, MatteTrim trim) {
    if (!areNumbers({trim.grow, trim.feather}))
        return usage("A matte is grown and feathered by a number of pixels.");
    return withUnlockedLayer(std::move(project), id, [&](Layer& layer) {
        layer.trim.grow = std::clamp(trim.grow, -kMostTrim, kMostTrim);
        layer.trim.feather = std::clamp(trim.feather, 0.0, kMostTrim);
    });
}

} // namespace strata
