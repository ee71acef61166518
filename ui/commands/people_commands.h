// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/edit/people_edits.h"
#include "ui/commands/gesture.h"

namespace strata::ui {

class Document;

/// Who is in the clip.
class PeopleCommands {
public:
    explicit PeopleCommands(Document& document)
        : m_document(document) {}

    /// Takes over what a decomposition found.
    Status take(std::span<const FoundPerson> found) const;
    Status rename(PersonId id, const std::string& name) const;
    /// Of the layer as well.
    Status setColor(PersonId id, LabelColor color, Gesture gesture = {}) const;

private:
    Document& m_document;
};

} // namespace strata::ui
