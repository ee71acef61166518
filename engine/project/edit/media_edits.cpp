// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/media_edits.h"

#include "engine/project/check.h"
#include "engine/project/edit/edit_support.h"

namespace strata {
namespace fs = std::filesystem;
namespace {

/// Absolute paths come in many spellings; folders do not end in a slash here.
fs::path normal(const fs::path& path) {
    fs::path out = path.lexically_normal();
    return out.has_filename() ? out : out.parent_path();
}

bool isUsable(const fs::path& path) {
    return path.is_absolute() && path.has_filename() &&
           path.native().find('\0') == std::string::npos;
}

Error unusable(const fs::path& path) {
    return usage("A project needs the whole path of a file, not '" + path.string() + "'.");
}

bool areSane(const MediaFacts& facts) {
    return facts.frameCount >= 0 && facts.frameCount <= kMostFrames && facts.size.width >= 0 &&
           facts.size.height >= 0 && facts.rate.num >= 0 && facts.rate.den > 0;
}

std::string describe(const MediaFacts& facts) {
    return std::to_string(facts.frameCount) + " frames of " + std::to_string(facts.size.width) +
           "x" + std::to_string(facts.size.height) + " at " + std::to_string(facts.rate.num) + "/" +
           std::to_string(facts.rate.den) + " a second";
}

/// Ranges, markers, strokes and layers are only right for the clip they were made for.
Status mayReplaceFacts(const Project& project, const MediaItem& item, const MediaFacts& found) {
    if (!areSane(found))
        return usage("What was read of " + item.path.string() + " makes no sense.");
    const MediaFacts& known = item.facts;
    if (project.clip != item.id || (known.size == found.size && known.rate == found.rate &&
                                    known.frameCount == found.frameCount))
        return ok();
    return usage("This is another clip: it has " + describe(found) + ", the one that is edited " +
                 describe(known) + ".");
}

} // namespace

const MediaItem* findMedia(const Project& project, const fs::path& path, MediaKind kind) {
    const fs::path wanted = normal(path);
    const auto found =
        std::find_if(project.media.begin(), project.media.end(), [&](const MediaItem& item) {
            return item.kind == kind && item.path == wanted;
        });
    return found == project.media.end() ? nullptr : &*found;
}

Result<Project> addMedia(Project project, MediaItem item) {
    item.path = normal(item.path);
    if (!isUsable(item.path))
        return unusable(item.path);
    if (findMedia(project, item.path, item.kind))
        return project;
    if (project.media.size() >= kMostMedia)
        return tooMany("media");
    item.id = takeId<MediaId>(project);
    STRATA_TRY(mayReplaceFacts(project, item, item.facts));
    project.media.push_back(std::move(item));
    return project;
}

Result<Project> removeMedia(Project project, MediaId id) {
    if (!project.find(id))
        return notThere(id);
    if (project.clip == id)
        return usage("The clip that is edited cannot be removed; open another one first.");
    std::erase_if(project.media, [id](const MediaItem& item) { return item.id == id; });
    for (Person& person : project.people) {
        if (person.sources.identity == id)
            person.sources.identity.reset();
        if (person.sources.motion == id)
            person.sources.motion.reset();
    }
    if (project.scene == id)
        project.scene.reset();
    return project;
}

Result<Project> openClip(Project project, MediaId id) {
    const MediaItem* item = project.find(id);
    if (!item)
        return notThere(id);
    if (item->kind != MediaKind::Clip || item->facts.frameCount < 1)
        return usage(item->path.string() + " is no clip with frames.");
    if (project.clip == id)
        return project;
    project.clip = id;
    project.range = {0, item->facts.frameCount};
    project.markers.clear();
    project.people.clear();
    project.strokes.clear();
    project.layers.clear();
    for (const LayerKind kind : {LayerKind::Scene, LayerKind::Occluder}) {
        Layer layer;
        layer.id = takeId<LayerId>(project);
        layer.kind = kind;
        project.layers.push_back(layer);
    }
    return project;
}

Result<Project> relinkMedia(Project project, MediaId id, fs::path path, MediaFacts found) {
    MediaItem* item = findToEdit(project.media, id);
    if (!item)
        return notThere(id);
    path = normal(path);
    if (!isUsable(path))
        return unusable(path);
    STRATA_TRY(mayReplaceFacts(project, *item, found));
    item->path = std::move(path);
    item->facts = std::move(found);
    return project;
}

Result<Project> setMediaFacts(Project project, MediaId id, MediaFacts facts) {
    MediaItem* item = findToEdit(project.media, id);
    if (!item)
        return notThere(id);
    STRATA_TRY(mayReplaceFacts(project, *item, facts));
    item->facts = std::move(facts);
    return project;
}

} // namespace strata
