// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/source_commands.h"

#include "engine/project/edit/media_edits.h"
#include "engine/project/edit/source_edits.h"
#include "ui/bridge/document.h"
#include "ui/commands/edit_project.h"

#include <QCoreApplication>

namespace strata::ui {

namespace {

QString identityText() { return QCoreApplication::translate("Undo", "Change Identity"); }
QString motionText() { return QCoreApplication::translate("Undo", "Change Motion"); }
QString sceneText() { return QCoreApplication::translate("Undo", "Change Scene"); }

} // namespace

Status SourceCommands::setIdentity(PersonId person, std::optional<MediaId> medium) const {
    return pushEdit(m_document, setIdentitySource(m_document.project(), person, medium),
                    {Intention::SetIdentity, identityText(), 0, {}});
}

Status SourceCommands::setMotion(PersonId person, std::optional<MediaId> medium) const {
    return pushEdit(m_document, setMotionSource(m_document.project(), person, medium),
                    {Intention::SetMotion, motionText(), 0, {}});
}

Status SourceCommands::setScene(std::optional<MediaId> medium) const {
    return pushEdit(m_document, setSceneSource(m_document.project(), medium),
                    {Intention::SetScene, sceneText(), 0, {}});
}

Status SourceCommands::dropIdentity(PersonId person, const MediaItem& item) const {
    STRATA_ASSIGN(Project project, addMedia(m_document.project(), item));
    const MediaId id = findMedia(project, item.path, item.kind)->id;
    return pushEdit(m_document, setIdentitySource(std::move(project), person, id),
                    {Intention::SetIdentity, identityText(), 0, {}});
}

Status SourceCommands::dropMotion(PersonId person, const MediaItem& item) const {
    STRATA_ASSIGN(Project project, addMedia(m_document.project(), item));
    const MediaId id = findMedia(project, item.path, item.kind)->id;
    return pushEdit(m_document, setMotionSource(std::move(project), person, id),
                    {Intention::SetMotion, motionText(), 0, {}});
}

Status SourceCommands::dropScene(const MediaItem& item) const {
    STRATA_ASSIGN(Project project, addMedia(m_document.project(), item));
    const MediaId id = findMedia(project, item.path, item.kind)->id;
    return pushEdit(m_document, setSceneSource(std::move(project), id),
                    {Intention::SetScene, sceneText(), 0, {}});
}

} // namespace strata::ui
