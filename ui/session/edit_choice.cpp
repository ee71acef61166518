// SPDX-License-Identifier: Apache-2.0
#include "ui/session/edit_choice.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <filesystem>

namespace strata::ui {
namespace {

/// The path of a source that may be there; an empty one stands for none.
Result<std::string> pathOf(const Project& project, std::optional<MediaId> id) {
    if (!id)
        return std::string();
    const MediaItem* item = project.find(*id);
    std::error_code failed;
    if (!item || !std::filesystem::exists(item->path, failed))
        return Error{ErrorCode::NotFound,
                     QCoreApplication::translate(
                         "EditChoice", "The file '%1' is missing; find it again in the media list.")
                         .arg(item ? toQt(item->path) : QString())
                         .toStdString()};
    return item->path.string();
}

protocol::GeneratorChoice generatorOf(const SynthSettings& synth, const std::string& device) {
    protocol::GeneratorChoice choice;
    choice.size = synth.size;
    choice.steps = synth.steps;
    choice.guidance = synth.guidance;
    choice.guideFrom = synth.guideFrom;
    choice.guideTo = synth.guideTo;
    choice.small = synth.kind == SynthKind::Small;
    choice.device = device.empty() ? "cpu" : device;
    return choice;
}

protocol::ExportChoice exportOf(const DeliverySettings& delivery) {
    return {delivery.codec == VideoCodec::H265 ? "h265" : "h264", delivery.crf, delivery.preset,
            delivery.audio};
}

/// What the user changed about the layers' mattes, and which layer is in front.
void takeLayers(const Project& project, std::optional<PersonId> person,
                std::optional<FrameRange> frames, protocol::EditChoice& edit) {
    bool seenOccluder = false; // going from the back to the front
    for (const Layer& layer : project.layers) {
        if (layer.kind == LayerKind::Occluder) {
            edit.occluderTrim = layer.trim;
            edit.occluderStrokes = matteStrokes(project, layer.id, frames);
            seenOccluder = true;
        } else if (layer.kind == LayerKind::Person && layer.person == person) {
            edit.personTrim = layer.trim;
            edit.personStrokes = matteStrokes(project, layer.id, frames);
            edit.personInFront = seenOccluder;
        }
    }
}

} // namespace

std::optional<PersonId> editedPerson(const Project& project, std::optional<PersonId> preferred) {
    if (preferred && !project.find(*preferred))
        preferred.reset();
    if (preferred && !project.find(*preferred)->sources.empty())
        return preferred;
    for (const Person& person : project.people)
        if (!person.sources.empty())
            return person.id;
    if (preferred || project.people.empty())
        return preferred;
    return project.people.front().id;
}

bool hasEdit(const Project& project) {
    for (const Person& person : project.people)
        if (!person.sources.empty())
            return true;
    return project.scene.has_value();
}

protocol::ClipChoice clipChoice(const Project& project, std::optional<PersonId> person) {
    protocol::ClipChoice choice;
    if (const MediaItem* clip = project.clipItem())
        choice.video = clip->path.string();
    if (person)
        choice.person = int(number(*person));
    return choice;
}

Result<protocol::EditChoice> editChoice(const Project& project, std::optional<PersonId> preferred,
                                        const std::string& device,
                                        std::optional<FrameRange> frames) {
    if (!project.clipItem())
        return Error{ErrorCode::Usage,
                     QCoreApplication::translate("EditChoice", "Open a clip first.").toStdString()};
    if (!hasEdit(project))
        return Error{ErrorCode::Usage,
                     QCoreApplication::translate("EditChoice",
                                                 "Nothing is replaced yet: give a person a picture "
                                                 "or a motion, or the clip another scene.")
                         .toStdString()};
    const auto person = editedPerson(project, preferred);
    protocol::EditChoice edit;
    edit.clip = clipChoice(project, person);
    if (const Person* who = person ? project.find(*person) : nullptr) {
        STRATA_ASSIGN(edit.identity, pathOf(project, who->sources.identity));
        STRATA_ASSIGN(edit.motion, pathOf(project, who->sources.motion));
    }
    STRATA_ASSIGN(edit.scene, pathOf(project, project.scene));
    edit.keepOccluder = project.synth.keepOccluder;
    takeLayers(project, person, frames, edit);
    edit.seed = project.synth.seed;
    if (project.synth.kind != SynthKind::Mesh)
        edit.generator = generatorOf(project.synth, device);
    edit.settings = exportOf(project.delivery);
    return edit;
}

std::vector<MatteStroke> matteStrokes(const Project& project, LayerId layer,
                                      std::optional<FrameRange> frames) {
    std::vector<MatteStroke> strokes;
    for (const Stroke& stroke : project.strokes)
        if (stroke.layer == layer && (!frames || frames->contains(stroke.frame)))
            strokes.push_back({stroke.frame, stroke.positive, stroke.radius, *stroke.points});
    return strokes;
}

FrameRange deliveredFrames(const Project& project) {
    const FrameRange whole{0, project.frameCount()};
    return project.delivery.wholeClip || project.range.empty() ? whole : project.range;
}

} // namespace strata::ui
