// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/media_commands.h"

#include "engine/project/edit/media_edits.h"
#include "ui/bridge/document.h"
#include "ui/commands/edit_project.h"

#include <QCoreApplication>

namespace strata::ui {

Status MediaCommands::add(const MediaItem& item) const {
    return pushEdit(
        m_document, addMedia(m_document.project(), item),
        {Intention::AddMedium, QCoreApplication::translate("Undo", "Add Medium"), 0, {}});
}

Status MediaCommands::remove(MediaId id) const {
    return pushEdit(
        m_document, removeMedia(m_document.project(), id),
        {Intention::RemoveMedium, QCoreApplication::translate("Undo", "Remove Medium"), 0, {}});
}

Status MediaCommands::openClip(const MediaItem& item) const {
    STRATA_ASSIGN(Project project, addMedia(m_document.project(), item));
    const MediaId id = findMedia(project, item.path, item.kind)->id;
    return pushEdit(m_document, strata::openClip(std::move(project), id),
                    {Intention::OpenClip, QCoreApplication::translate("Undo", "Open Clip"), 0, {}});
}

Status MediaCommands::relink(MediaId id, const std::filesystem::path& path,
                             const MediaFacts& found) const {
    return pushEdit(
        m_document, relinkMedia(m_document.project(), id, path, found),
        {Intention::RelinkMedium, QCoreApplication::translate("Undo", "Relink Medium"), 0, {}});
}

} // namespace strata::ui
