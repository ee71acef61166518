// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata::ui {

class Document;

/// Files of the project.
class MediaCommands {
public:
    explicit MediaCommands(Document& document)
        : m_document(document) {}

    /// With facts, as far as they are known; a file that is there already is not added twice.
    Status add(const MediaItem& item) const;
    Status remove(MediaId id) const;
    /// Adds the clip, if it is not there, and edits it from now on. Its facts must be known.
    Status openClip(const MediaItem& item) const;
    Status relink(MediaId id, const std::filesystem::path& path, const MediaFacts& found) const;

private:
    Document& m_document;
};

} // namespace strata::ui
