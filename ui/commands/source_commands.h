// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata::ui {

class Document;

/// What replaces look, movement and scene.
class SourceCommands {
public:
    explicit SourceCommands(Document& document)
        : m_document(document) {}

    // Nothing clears the source.
    Status setIdentity(PersonId person, std::optional<MediaId> medium) const;
    Status setMotion(PersonId person, std::optional<MediaId> medium) const;
    Status setScene(std::optional<MediaId> medium) const;

    // A file that is dropped: added to the media, if it is not there, and used, in one step.
    Status dropIdentity(PersonId person, const MediaItem& item) const;
    Status dropMotion(PersonId person, const MediaItem& item) const;
    Status dropScene(const MediaItem& item) const;

private:
    Document& m_document;
};

} // namespace strata::ui
