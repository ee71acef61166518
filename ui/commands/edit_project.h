// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/change.h"
#include "ui/commands/gesture.h"

#include <QString>
#include <QUndoCommand>

namespace strata::ui {

class Document;

/// What the user meant. Only changes of the same intention merge.
enum class Intention {
    AddMedium = 1,
    RemoveMedium,
    OpenClip,
    RelinkMedium,
    SetRange,
    SetLoop,
    AddMarker,
    RemoveMarker,
    MoveMarker,
    RenameMarker,
    ColorMarker,
    FindPeople,
    RenamePerson,
    ColorPerson,
    MoveLayer,
    RenameLayer,
    ColorLayer,
    ShowLayer,
    SoloLayer,
    LockLayer,
    SetLayerOpacity,
    TrimMatte,
    SetIdentity,
    SetMotion,
    SetScene,
    Paint,
    RemoveStroke,
    ClearStrokes,
    SetSynth,
    SetDelivery,
};

struct EditLabel {
    Intention intention;
    QString text;            // of the history, such as "Change Opacity"
    std::int64_t target = 0; // number of what is changed; changes of different targets do not merge
    Gesture gesture;
};

/// The one command: from a state of the project to another, kept as what differs between them
/// (ids and values, no pointers). Merges with the next one of the same gesture and vanishes when
/// the two end where they began.
class EditProject : public QUndoCommand {
public:
    EditProject(Document& document, const Project& after, EditLabel label);

    Intention intention() const { return m_label.intention; }
    int id() const override;
    void redo() override;
    void undo() override;
    bool mergeWith(const QUndoCommand* next) override;

private:
    Document& m_document;
    EditLabel m_label;
    ProjectChange m_change;
};

/// Pushes the step from the document's state to `after`; nothing when they are the same. An edit
/// that was refused is passed on to the caller, who shows the sentence.
Status pushEdit(Document& document, const Result<Project>& after, EditLabel label);

} // namespace strata::ui
